"""One sentence followed all the way: from scraped text to another tool, with the real articles."""

import base64
import csv
import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from annotations import annotating, assigning
from annotations.exchange import native, storing
from annotations.models import Annotation, ClaimTag, Span
from corpus_app import people
from corpus_app.models import Actor, Article, Role
from tests import factories
from tests.corpus import CORPUS, manifest, needs_corpus, raw

pytestmark = [pytest.mark.django_db, needs_corpus]

QUOTE = "His decision-making tactics look erratic."
FILE = "raw/002_2b389845b29a7cc8.txt"


@pytest.fixture
def team():
    """A manager with her project, a curator and two analysts."""
    manager = factories.UserFactory(username="mara")
    project = people.create_project(by=manager, slug="relations", name="Relations")
    curator, ana, ben = (factories.UserFactory(username=name) for name in ("cora", "ana", "ben"))
    for person, role in ((curator, Role.CURATOR), (ana, Role.ANALYST), (ben, Role.ANALYST)):
        people.join(by=manager, project=project, user=person, role=role)
    return project, curator, ana, ben


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def import_by_page(client: Client, project, file: str) -> Article:
    """Upload, review without a change, store."""
    page = reverse("import", args=[project.slug])
    upload = io.BytesIO(raw(file))
    upload.name = file
    review = client.post(page, {"file": upload}).context
    found = {name: review["form"].initial[name] for name in review["form"].METADATA}
    found |= {name: "\n".join(found[name]) for name in ("authors", "translators")}
    roles = {f"role-{line.number}": line.role.value for line in review["proposal"].lines}
    sent = {name: value for name, value in {**found, **roles}.items() if value}
    raw_input = base64.b64encode(raw(file)).decode()
    stored = client.post(page, {**sent, "raw": raw_input, "name": file, "store": "1"})
    return Article.objects.get(pk=stored.url.split("/")[-2])


def post_claim(client: Client, article: Article) -> dict:
    """Mark the sentence as a claim of the article's author, as the workbench does."""
    revision = article.revisions.get()
    start = revision.text.index(QUOTE)
    trump = Actor.objects.get(name="Donald Trump")
    body = {
        "revision": str(revision.pk),
        "kind": "claim",
        "spans": [{"start": start, "end": start + len(QUOTE), "quote": QUOTE}],
        "participants": [
            {"role": "claimant", "actor": None, "stands_for": "author"},
            {"role": "target", "actor": str(trump.pk), "stands_for": ""},
        ],
        "codings": [
            {"tag": str(ClaimTag.objects.get(slug="evaluation").pk), "stance": ""},
            {"tag": str(ClaimTag.objects.get(slug="trump-unpredictable").pk), "stance": "support"},
        ],
        "attribution": "author",
    }
    answer = client.post("/api/v1/annotations/", json.dumps(body), "application/json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def hand_in(client: Client, article: Article, analyst) -> None:
    assignment = analyst.assignments.get(article=article)
    client.post(reverse("hand-in", args=[article.pk]), {"version": assignment.version})
    assignment.refresh_from_db()
    assert assignment.state == "handed_in"


def export(client: Client, format: str) -> bytes:
    answer = client.get(f"/api/v1/projects/relations/export/{format}/")
    return b"".join(answer.streaming_content)


def test_a_sentence_goes_from_scraped_text_to_another_tool(team):
    project, curator, ana, ben = team
    desk = signed_in(curator)
    for known in manifest():
        import_by_page(desk, project, known["file"])
    call_command("import_actors", CORPUS / "actors.csv", project=project.slug, by="cora")
    call_command("import_codebook", CORPUS / "codebook.json", project=project.slug, by="cora")
    call_command("import_claims", CORPUS / "claims.jsonl", project=project.slug, by="cora")
    assert Annotation.objects.filter(author=curator).count() == 28

    article = Article.objects.get(raw_name=FILE)
    anas, bens = signed_in(ana), signed_in(ben)
    for client, person in ((anas, ana), (bens, ben)):
        client.post(reverse("take", args=[article.pk]))
        assert client.get(reverse("workbench", args=[article.pk])).status_code == 200
        assert person.assignments.get().state == "assigned"
    claim = post_claim(anas, article)
    post_claim(bens, article)

    def seen_by(client):
        found = client.get("/api/v1/annotations/", {"article": article.pk}).json()["results"]
        return sorted({row["author"] for row in found})

    assert (seen_by(anas), seen_by(bens), seen_by(desk)) == (
        ["ana"],
        ["ben"],
        ["ana", "ben", "cora"],
    )
    hand_in(anas, article, ana)
    assert seen_by(anas) == ["ana", "ben", "cora"]
    assert seen_by(bens) == ["ben"]

    check_csv(export(desk, "csv"), claim["id"])
    quotes = quotes_in(json.loads(export(desk, "jsonld")))
    assert (len(quotes), quotes.count(QUOTE)) == (30, 3)
    check_copy(export(desk, "jsonl"), project)
    for span in Span.objects.select_related("annotation__revision"):
        assert span.annotation.revision.text[span.start : span.end] == span.quote


def quotes_in(document: dict) -> list[str]:
    """The quote of every selected stretch of an annotation collection."""
    return [
        selector["exact"]
        for item in document["first"]["items"]
        for target in item["target"]
        for selector in target["selector"]
        if selector["type"] == "TextQuoteSelector"
    ]


def check_csv(table: bytes, claim: str) -> None:
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig")))}
    assert len(rows) == 30
    assert rows[claim]["quote"] == QUOTE
    assert rows[claim]["targets"] == "Donald Trump"


def check_copy(lines: bytes, project) -> None:
    copier = factories.UserFactory(username="copier")
    copy = people.create_project(by=copier, slug="copy", name="Copy")
    for member in project.membership_set.exclude(user__username="mara"):
        people.join(by=copier, project=copy, user=member.user, role=member.role)
    rows = native.read(io.BytesIO(lines))
    report = storing.store(by=copier, project=copy, rows=rows)
    assert report.problems == []
    assert Annotation.objects.filter(project=copy).count() == 30


def test_what_is_handed_in_is_closed_until_a_curator_returns_it(team):
    project, curator, ana, _ = team
    article = import_by_page(signed_in(curator), project, FILE)
    for name in ("actors", "codebook"):
        ending = {"actors": "csv", "codebook": "json"}[name]
        call_command(f"import_{name}", CORPUS / f"{name}.{ending}", project="relations", by="cora")
    client = signed_in(ana)
    client.post(reverse("take", args=[article.pk]))
    claim = post_claim(client, article)
    hand_in(client, article, ana)
    stored = Annotation.objects.get(pk=claim["id"])
    with pytest.raises(annotating.AnnotatingError, match="handed in"):
        annotating.remove(by=ana, annotation=stored, seen=stored.version)
    own = ana.assignments.get()
    assigning.give_back(by=curator, assignment=own, seen=own.version, comment="Mind the target.")
    assert annotating.remove(by=ana, annotation=stored, seen=stored.version).deleted
