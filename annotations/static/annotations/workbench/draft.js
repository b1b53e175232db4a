/**
 * Changes kept on this device until the server has them, in the order in which they were made.
 * Each person has a database of her own, so that nobody sends or sees what another has made.
 */

import { makeParting } from "./parting.js";

const STORE = "changes";

/**
 * The person's kept changes: { all, add, take, update, replaceUnsent, remove, swapOut, leave }. All
 * but the last resolve when the device has it. What the device does not take is held in memory and
 * sent all the same; `kept(error)` is told each time, `kept(null)` when the device has all again.
 * `met` is told when another page, being closed, left changes that are kept now.
 */
export async function openDraft(user, kept, met = () => {}) {
  const memory = inMemory();
  try {
    const device = onDevice(await open(`crossread ${user}`));
    const parting = makeParting(user);
    await takeUp(device, parting);
    parting.onLeft(async () => { if (await takeUp(device, parting)) met(); });
    return withOverflow(device, memory, kept, parting);
  } catch (error) {
    kept(error);
    return memory;
  }
}

/** Give the device what other pages left; whether there was any that it did not have. */
async function takeUp(device, parting) {
  let isNew = false;
  for (const { place, changes } of parting.left()) {
    try {
      isNew = await device.addMissing(changes) || isNew;
      parting.forget(place);
    } catch {
      break; // it stays where it is, for the next page
    }
  }
  return isNew;
}

function withOverflow(device, memory, kept, parting) {
  const unsure = new Map(); // changes that the device has not said to have, by id
  const newer = new Map(); // what became of changes of which the device could not be told; null: gone
  let turn = Promise.resolve();
  let batch = null; // changes that the device gets at one stroke, as soon as it has taken the last

  /** Run the work; `instead` if the device fails, which is told. */
  const orElse = (work, instead) => work.catch((error) => {
    kept(error);
    return instead(error);
  });

  /** One after the other, so that what was made first is kept and sent first. */
  function inTurn(work) {
    turn = turn.then(work, work);
    return turn;
  }

  const release = (...ids) => ids.forEach((id) => unsure.delete(id));

  async function all() {
    const stored = await orElse(device.all(), () => []);
    const known = stored.map((change) => (newer.has(change.id) ? newer.get(change.id) : change));
    return [...known.filter(Boolean), ...await memory.all()];
  }

  /** Keep changes, with all that the device had no room for until now. */
  async function addAll(changes) {
    const held = await memory.all();
    const whole = async () => {
      const together = [...held, ...changes];
      await device.add(...together).catch((error) => {
        if (error.name !== "ConstraintError") throw error; // another page took some of them up
        return device.addMissing(together);
      });
      await memory.remove(held.map(({ id }) => id));
      release(...together.map(({ id }) => id));
      kept(null);
    };
    await orElse(whole(), () => Promise.all(changes.map(memory.add)));
  }

  /** Keep a change, together with what is made until the device is free: it is slow, a hand fast. */
  function add(change) {
    unsure.set(change.id, change);
    if (batch) {
      batch.changes.push(change);
      return batch.kept;
    }
    const own = { changes: [change] };
    own.kept = inTurn(() => {
      if (batch === own) batch = null;
      return addAll(own.changes);
    });
    batch = own;
    return own.kept;
  }

  /** Tell the device what became of these changes, or know it better than the device does. */
  async function settle(ids, work, change = null) {
    const told = work.then(() => ids.forEach((id) => newer.delete(id)));
    await orElse(told, () => ids.forEach((id) => newer.set(id, change)));
  }

  /** The change as it is now, marked so that it stays as it is; undefined if it is gone. */
  async function take(id) {
    const held = await memory.take(id);
    if (held) return held;
    const mark = async () => {
      const found = (await all()).find((change) => change.id === id);
      if (found) newer.set(id, { ...found, attempted: true });
      return found && newer.get(id);
    };
    return newer.has(id) ? mark() : orElse(device.take(id), mark);
  }

  return {
    all,
    add,
    take,
    /** The page is left now: what the device has not said to have is kept at one stroke. */
    leave: () => parting.leave([...unsure.values()]),
    update: async (change) => {
      if (unsure.has(change.id)) unsure.set(change.id, change);
      await memory.update(change);
      await settle([change.id], device.update(change), change);
    },
    /** Whether the change could still be replaced; `instead` is to be kept if not. */
    replaceUnsent: async (change, instead) => {
      if (newer.has(change.id)) return false;
      const replaced = `${change.id} replaced`;
      unsure.set(replaced, instead);
      const isReplaced = await memory.replaceUnsent(change)
        || await orElse(device.replaceUnsent(change), () => false);
      if (isReplaced && unsure.has(change.id)) unsure.set(change.id, change);
      if (unsure.get(replaced) === instead) release(replaced);
      return isReplaced;
    },
    remove: async (ids) => {
      release(...ids);
      await memory.remove(ids);
      await settle(ids, device.remove(ids));
    },
    swapOut: (ids, change) => {
      batch = null; // what is made from now on comes after it
      unsure.set(change.id, change);
      return inTurn(async () => {
        await memory.remove(ids);
        release(...ids);
        await orElse(device.swapOut(ids, change).then(() => release(change.id)), async () => {
          await settle(ids, device.remove(ids));
          await memory.add(change);
        });
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
      transaction.onabort = () => reject(transaction.error ?? new Error("Given up."));
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
    /** Said to be whole at once: it is kept also if the page is closed this very moment. */
    add: (...changes) => transact("readwrite", (store) => {
      for (const change of changes) store.add(change);
      store.transaction.commit?.();
    }),
    /** Keep those that are not there, unless what they say is; whether there was one. */
    addMissing: (changes) => transact("readwrite", (store, answer) => {
      store.getAll().onsuccess = ({ target }) => {
        const there = [...target.result];
        for (const change of changes) {
          if (isThere(change, there)) continue;
          store.add(change);
          there.push(change);
        }
        answer(there.length > target.result.length);
      };
    }),
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

/** Whether a change is among those there, or the last one of its annotation says the same. */
function isThere(change, there) {
  const last = there.findLast(({ annotation }) => annotation === change.annotation);
  const says = ({ content }) => JSON.stringify(content);
  return there.some(({ id }) => id === change.id) || Boolean(last && says(last) === says(change));
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
    leave: () => {},
    remove: async (ids) => { kept = without(ids); },
    swapOut: async (ids, change) => { kept = [...without(ids), change]; },
  };
}
