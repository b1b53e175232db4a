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

# %% Which claims count: gold ones, and what was handed in where nothing is decided yet
articles = {article["id"]: article for article in everything("articles")}
gold = list(everything("annotations", kind="claim", layer="gold"))
with_gold = {claim["article"] for claim in gold}
handed_in = {
    (work["article"], work["analyst"]) for work in everything("assignments", state="handed_in")
}
decided = {  # for curators alone; to others there are no cases
    member["annotation"]: case["state"] == "decided"
    for case in everything("cases", dissolved="false")
    for member in case["members"]
}
counted = gold + [
    claim
    for claim in everything("annotations", kind="claim", layer="analyst")
    if (claim["article"], claim["author"]) in handed_in
    and not decided.get(claim["id"], claim["article"] in with_gold)
]


# %% The claims: whose they are, what they say, how they stand to it
def called(part: dict, article: dict) -> list[str]:
    """The names of a participant; the article's author and outlet by theirs, if they are known."""
    if not part["stands_for"]:
        return [part["name"]]
    if part["stands_for"] == "author" and article["authors"]:
        return article["authors"]
    return [article["outlet"]] if article["outlet"] else []


labels = {tag["slug"]: tag["label"] for tag in everything("tags")}
claims = pd.DataFrame(
    [
        {
            "article": claim["article"],
            "outlet": articles[claim["article"]]["outlet"],
            "actor": actor,
            "tag": labels[coding["slug"]],
            "stance": coding["stance"],
        }
        for claim in counted
        for part in claim["participants"]
        if part["role"] == "claimant"
        for actor in called(part, articles[claim["article"]])
        for coding in claim["codings"]
        if coding["stance"]
    ],
    columns=["article", "outlet", "actor", "tag", "stance"],
)
# Two analysts who mark the same have found one statement, not two.
claims = claims.drop_duplicates()
print(claims.head())

# %% Actor × tag: articles in which an actor supports a statement, less those where it opposes it
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
