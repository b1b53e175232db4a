"""The notebook in the guide does what it says, asked of a desk that is served."""

import runpy

import pytest

from annotations import annotating
from annotations.content import Content
from corpus_app import people
from tests import api, factories
from tests.serving import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:matplotlib")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pyparsing")
def test_stories_claims_table_and_network_are_those_of_the_desk(live_server, monkeypatch, tmp_path):
    desk = api.desk()
    factories.story(desk.project, "The calm")
    union = factories.actor(desk.project, "Union", by=desk.cora)
    said = [
        (desk.office, "support"), (desk.office, "support"), (desk.office, "oppose"),
        (union, "oppose"), (union, "unclear"),
    ]  # fmt: skip
    for number, (actor, stance) in enumerate(said):
        content = Content(
            "claim", ((number, number + 5, None),), (factories.claimant(actor),),
            (factories.coded(desk.calm, stance),),
        )  # fmt: skip
        annotating.create(by=desk.ada, revision=desk.revision, content=content)
    _, secret = people.create_token(by=desk.cora, name="notebook", scope="read")
    picture = tmp_path / "network.png"
    given = {"URL": live_server.url, "TOKEN": secret, "PROJECT": "strait", "PICTURE": str(picture)}
    for name, value in given.items():
        monkeypatch.setenv(f"CROSSREAD_{name}", value)
    told = runpy.run_path(str(ROOT / "docs" / "guides" / "analysis.py"))
    told["desk"].close()
    assert list(told["stories"]["title"]) == ["The calm"]
    assert len(told["claims"]) == 5
    assert told["table"].to_dict() == {
        "The strait is calm": {"Harbour Office": 1, "Union": -1},
    }
    assert list(told["network"].edges(data="weight")) == [
        ("Harbour Office", "The strait is calm", 1), ("Union", "The strait is calm", -1),
    ]  # fmt: skip
    assert picture.read_bytes().startswith(b"\x89PNG")
