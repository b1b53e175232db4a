"""Who claims what, as a table and as a network: a notebook, cell by cell (`# %%`).

Needs httpx, pandas, networkx and matplotlib, the address of a desk, and a token that may read (made
under “Access tokens” in the desk):

    CROSSREAD_URL=https://desk.example.org CROSSREAD_TOKEN=… CROSSREAD_PROJECT=strait \
        python docs/guides/analysis.py
"""

# %% Where to ask, and as whom
import os
from collections.abc import Iterator

import httpx
import matplotlib
import networkx as nx
import pandas as pd

matplotlib.use("Agg")
from matplotlib import pyplot as plt

desk = httpx.Client(
    base_url=os.environ["CROSSREAD_URL"],
    headers={"Authorization": f"Token {os.environ['CROSSREAD_TOKEN']}"},
    timeout=30,
)
project = os.environ["CROSSREAD_PROJECT"]
picture = os.environ.get("CROSSREAD_PICTURE", "network.png")


# %% A list comes in pages; the last one has no `next`
def everything(noun: str, **asked: str) -> Iterator[dict]:
    """All rows of a list, page by page."""
    query = {"project": project, "page_size": 500, **asked}
    answer = desk.get(f"/api/v1/{noun}/", params=query).raise_for_status().json()
    while True:
        yield from answer["results"]
        if answer["next"] is None:
            return
        answer = desk.get(answer["next"]).raise_for_status().json()


# %% The stories
stories = pd.DataFrame(everything("stories"), columns=["id", "title", "happened_on"])
print(stories)

# %% The claims: whose they are, what they say, how they stand to it
outlets = {article["id"]: article["outlet"] for article in everything("articles")}
labels = {tag["slug"]: tag["label"] for tag in everything("tags")}
claims = pd.DataFrame(
    [
        {
            "claim": claim["id"],
            "outlet": outlets[claim["article"]],
            "actor": part["name"],
            "tag": labels[coding["slug"]],
            "stance": coding["stance"],
        }
        for claim in everything("annotations", kind="claim")
        for part in claim["participants"]
        if part["role"] == "claimant"
        for coding in claim["codings"]
        if coding["stance"]
    ],
    columns=["claim", "outlet", "actor", "tag", "stance"],
)
print(claims.head())

# %% Actor × tag: how often an actor supports a statement, less how often it opposes it
weight = {"support": 1, "oppose": -1}
claims["weight"] = claims["stance"].map(weight).fillna(0).astype(int)
table = claims.pivot_table(
    index="actor", columns="tag", values="weight", aggfunc="sum", fill_value=0
)
print(table)

# %% The same as a network of two kinds of nodes
network = nx.Graph()
network.add_nodes_from(table.index, kind="actor")
network.add_nodes_from(table.columns, kind="tag")
network.add_edges_from(
    (actor, tag, {"weight": int(number)})
    for actor, row in table.iterrows()
    for tag, number in row.items()
    if number
)

# %% And drawn: dashed is opposition
place = nx.spring_layout(network, seed=1)
ties = nx.get_edge_attributes(network, "weight")
kinds = nx.get_node_attributes(network, "kind")
colours = ["tab:blue" if kinds[node] == "actor" else "tab:orange" for node in network]
nx.draw_networkx(
    network, place, node_color=colours, font_size=8,
    style=["solid" if number > 0 else "dashed" for number in ties.values()],
)  # fmt: skip
plt.savefig(picture, dpi=150)
