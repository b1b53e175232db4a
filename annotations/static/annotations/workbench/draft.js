/**
 * Changes kept on this device until the server has them, in the order in which they were made.
 * Each person has a database of her own, so that nobody sends or sees what another has made.
 */

const STORE = "changes";

/**
 * The person's kept changes: { all, add, take, update, replaceUnsent, remove, swapOut }. Every
 * function resolves when the device has it. What the device has no room for is held in memory,
 * sent all the same, and `lost(error)` is called.
 */
export async function openDraft(user, lost) {
  const memory = inMemory();
  try {
    return withOverflow(onDevice(await open(`crossread ${user}`)), memory, lost);
  } catch (error) {
    lost(error);
    return memory;
  }
}

function withOverflow(device, memory, lost) {
  const orHeld = (kept, hold) => kept.catch((error) => {
    lost(error);
    return hold();
  });
  return {
    all: async () => [...await orHeld(device.all(), () => []), ...await memory.all()],
    add: (change) => orHeld(device.add(change), () => memory.add(change)),
    take: async (id) => await memory.take(id) ?? orHeld(device.take(id), () => undefined),
    update: async (change) => {
      await memory.update(change);
      await orHeld(device.update(change), () => undefined);
    },
    replaceUnsent: async (change) => (
      await memory.replaceUnsent(change) || orHeld(device.replaceUnsent(change), () => false)
    ),
    remove: async (ids) => {
      await memory.remove(ids);
      await device.remove(ids);
    },
    swapOut: async (ids, change) => {
      await memory.remove(ids);
      await orHeld(device.swapOut(ids, change), async () => {
        await device.remove(ids);
        await memory.add(change);
      });
    },
  };
}

function open(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { autoIncrement: true });
      store.createIndex("id", "id", { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("The device's store is blocked."));
  });
}

function onDevice(db) {
  db.onversionchange = () => db.close();

  /** Run `work(store, answer)` in a transaction; resolves with the answer when it is on disk. */
  function transact(mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode, { durability: "strict" });
      let answer;
      transaction.oncomplete = () => resolve(answer);
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(STORE), (value) => { answer = value; });
    });
  }

  /** Call `then(key, stored)` for the change with this id, if it is still there. */
  function find(store, id, then) {
    store.index("id").openCursor(IDBKeyRange.only(id)).onsuccess = ({ target }) => {
      if (target.result) then(target.result.primaryKey, target.result.value);
    };
  }

  return {
    all: () => transact("readonly", (store, answer) => {
      store.getAll().onsuccess = ({ target }) => answer(target.result);
    }),
    add: (change) => transact("readwrite", (store) => store.add(change)),
    /** The change as it is now, marked so that it stays as it is; undefined if it is gone. */
    take: (id) => transact("readwrite", (store, answer) => {
      find(store, id, (key, stored) => {
        const taken = { ...stored, attempted: true };
        store.put(taken, key);
        answer(taken);
      });
    }),
    update: (change) => transact("readwrite", (store) => {
      find(store, change.id, (key) => store.put(change, key));
    }),
    /** Whether the change could still be replaced: not once it may have reached the server. */
    replaceUnsent: (change) => transact("readwrite", (store, answer) => {
      answer(false);
      find(store, change.id, (key, stored) => {
        if (stored.attempted) return;
        store.put(change, key);
        answer(true);
      });
    }),
    remove: (ids) => transact("readwrite", (store) => {
      for (const id of ids) find(store, id, (key) => store.delete(key));
    }),
    /** Take some changes out and keep another instead, both or neither. */
    swapOut: (ids, change) => transact("readwrite", (store) => {
      for (const id of ids) find(store, id, (key) => store.delete(key));
      store.add(change);
    }),
  };
}

function inMemory() {
  let kept = [];
  const put = (change) => {
    kept = kept.map((other) => (other.id === change.id ? change : other));
  };
  const without = (ids) => kept.filter((change) => !ids.includes(change.id));
  return {
    all: async () => [...kept],
    add: async (change) => { kept.push(change); },
    take: async (id) => {
      const found = kept.find((change) => change.id === id);
      if (found) found.attempted = true;
      return found;
    },
    update: async (change) => put(change),
    replaceUnsent: async (change) => {
      const open = kept.some((other) => other.id === change.id && !other.attempted);
      if (open) put(change);
      return open;
    },
    remove: async (ids) => { kept = without(ids); },
    swapOut: async (ids, change) => { kept = [...without(ids), change]; },
  };
}
