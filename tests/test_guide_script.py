"""The notebook in the guide does what it says, asked of a desk that is served."""

import runpy

import pytest

from annotations.content import Part
from corpus_app import people
from tests import factories
from tests.claimed import World
from tests.serving import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:matplotlib")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pyparsing")
def test_stories_claims_table_and_network_are_those_of_the_desk(live_server, monkeypatch, tmp_path):
    world = World()
    world.filled()
    factories.story(world.project, "The calm")
    # Two coders who agree count once; gold stands for what was decided.
    guild, author = factories.claimant(world.guild), Part("claimant", stands_for="author")
    world.claim(world.first, world.cora, 9, guild, calm="oppose", fact="")
    fourth = world.article("Four. ", authors=("Ada Quill",), outlet="Post")
    for analyst in (world.ada, world.ben):
        world.claim(fourth, analyst, 30, guild, calm="support", fact="")
        world.claim(fourth, analyst, 40, author, calm="oppose", fact="")
        world.hand_in(fourth, analyst)
    _, secret = people.create_token(by=world.cora, name="notebook", scope="read")
    picture = tmp_path / "network.png"
    given = {"URL": live_server.url, "TOKEN": secret, "PROJECT": "strait", "PICTURE": str(picture)}
    for name, value in given.items():
        monkeypatch.setenv(f"CROSSREAD_{name}", value)
    told = runpy.run_path(str(ROOT / "docs" / "guides" / "analysis.py"))
    answer = told["desk"].get("/api/v1/projects/strait/network/?qualifier=subtract")
    told["desk"].close()
    [desks_own] = answer.raise_for_status().json()["networks"]
    labels = {node["id"]: node["label"] for node in desks_own["nodes"]}
    assert list(told["stories"]["title"]) == ["The calm"]
    assert told["table"].to_dict() == {
        "The strait is calm": {"Ada Quill": -1, "Guild": 1, "Office": 0}
    }  # fmt: skip
    assert sorted(told["network"].edges(data="weight")) == sorted(
        (labels[edge["source"]], labels[edge["target"]], edge["weight"])
        for edge in desks_own["edges"]
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
