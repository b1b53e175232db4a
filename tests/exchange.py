"""A project that has everything an exchange format could lose, and the real one."""

import io
import json
from datetime import date

from annotations import annotating, codebook
from annotations.content import Code, Content, Part, Tie
from annotations.exchange import claims, formats, native, storing
from annotations.exchange.source import source_for
from annotations.models import Annotation, ClaimTag, Facet
from corpus_app import actors, ingest, registry
from corpus_app.models import Actor, Project, Role, Story, User
from corpus_app.report import Report
from tests import corpus, factories

# An emoji of five code points, loose accents, Arabic, CRLF and a byte order mark in the source,
# and what a spreadsheet takes for formulas.
HARD = (
    "\ufeffThe 👩‍🚒 said: “cafe\u0301 is open”.\r\n\r\n"
    "قال المتحدث إن المضيق هادئ. \r\n\r\n"
    "=1+1 is a sum; @home and +49 are none, 𝔘 is one code point.\r\n"
)
QUOTES = ("👩‍🚒 said", "café", "المضيق هادئ", "=1+1", "𝔘 is")


def hard_project(slug: str = "hard") -> tuple[Project, User]:
    """A project with every kind of annotation on a hard text, and its curator."""
    project = factories.ProjectFactory(slug=slug, description="Two\nlines, “quoted”")
    cora = factories.member(project, Role.CURATOR, user__username=f"cora-{slug}")
    ada = factories.member(project, user__username=f"ada-{slug}")
    factories.small_codebook(project, by=cora)
    values = actors.ActorValues("Union", kind="international organisation")
    union = actors.create(by=cora, project=project, values=values)
    values = actors.ActorValues(
        "=Office", kind="government body", notes=" as\nstored ",
        aliases=(
            actors.AliasValues("the office", language="en", case="exact", since=date(1999, 1, 2)),
            ("Quay", True),
        ),
        external_ids=(("wikidata", "Q42"),),
        affiliations=(actors.AffiliationValues(union, until=date(2020, 12, 31)),),
    )  # fmt: skip
    office = actors.create(by=cora, project=project, values=values)
    story = Story.objects.create(project=project, title="The calm")
    article = factories.plain_article(
        project, HARD, by=cora, name="raw/hard.txt", authors=("Ada Quill", "Bo Lee"),
        translators=("Cy",), outlet="Strait Post", language="en-GB", url="https://example.org/1",
        rights="With leave.", story=story, published_on=date(2024, 3, 14),
    )  # fmt: skip
    annotate(article, cora, ada, union, office)
    return project, cora


def annotate(article, cora: User, ada: User, union: Actor, office: Actor) -> None:
    """One stretch per quote, one of three pieces, nested, crossing and in the gold layer."""
    revision = article.revisions.get()
    text = revision.text
    tags = {tag.slug: tag for tag in ClaimTag.objects.filter(project=article.project)}
    factories.assigned(article, ada)

    def make(kind, *spans, author=ada, **values):
        spans = tuple((start, end, None) for start, end in spans)
        layer = values.pop("layer", "analyst")
        content = Content(kind, spans, **values)
        made = annotating.create(
            by=author, revision=revision, content=content, layer=layer, tool="=tool",
            tool_version="1.0", origin="suggestion",
        )  # fmt: skip
        return made[0]

    for quote in QUOTES:
        start = text.index(quote)
        part = Part("named", str(office.pk))
        make("mention", (start, start + len(quote)), parts=(part, Part("meant", str(union.pk))))
    said = make(
        "claim", (0, 3), (6, 9), (15, 30), attribution="quoted", note=" =note\r\nwith 👩‍🚒 \t",
        certainty="low", flagged=True,
        parts=(
            Part("claimant", str(office.pk)), Part("claimant", stands_for="author"),
            Part("target", str(union.pk)),
            Part("voice", stands_for="outlet", endorsement="distances"),
        ),
        codes=(Code(str(tags["norm"].pk)), Code(str(tags["calm"].pk), "oppose")),
    )  # fmt: skip
    make("claim", (2, 12), author=cora, layer="gold", codes=(Code(str(tags["fact"].pk)),))
    reword(cora, tags["norm"], "Another wording.")
    ties = (Tie("restates", str(said.pk)),)
    again = make("claim", (4, 40), codes=(Code(str(tags["norm"].pk)),), links=ties)
    annotating.link(by=ada, annotation=said, links=(Tie("contradicts", str(again.pk)),))
    annotating.remove(by=ada, annotation=make("claim", (5, 9)), seen=1)
    content = annotating.content_of(again)
    annotating.rewrite(by=ada, annotation=again, seen=1, content=content)
    actors.retire(by=cora, actor=Actor.objects.get(pk=office.pk), seen=1)
    codebook.retire(by=cora, thing=ClaimTag.objects.get(pk=tags["calm"].pk), seen=1)


def reword(by: User, tag: ClaimTag, definition: str) -> None:
    values = codebook.TagValues(tag.label, slug=tag.slug, key=tag.key, definition=definition)
    codebook.change_tag(by=by, tag=tag, seen=tag.version, values=values)


def real_project(slug: str = "real") -> tuple[Project, User]:
    """The five real articles with codebook, actors and the 28 claims, and their curator."""
    project = factories.ProjectFactory(slug=slug)
    cora = factories.member(project, Role.CURATOR, user__username=f"cora-{slug}")
    own = {"by": cora, "project": project}
    codebook.import_json(**own, text=(corpus.CORPUS / "codebook.json").read_text())
    registry.import_csv(**own, text=(corpus.CORPUS / "actors.csv").read_text())
    for known in corpus.manifest():
        data = corpus.raw(known["file"])
        ingest.store(**own, data=data, proposal=ingest.propose(data=data), name=known["file"])
    report = claims.import_jsonl(**own, text=(corpus.CORPUS / "claims.jsonl").read_text())
    assert report.problems == []
    return project, cora


def exported(user: User, project: Project, format: str = "jsonl") -> str:
    """The whole file that the user gets."""
    return b"".join(formats.FORMATS[format].write(source_for(user, project))).decode()


def lasting(user: User, project: Project) -> list[dict]:
    """The lines of the native export without what no undo takes back: versions, moments, sums."""
    moving = ("version", "updated", "sha256")
    lines = lines_of(exported(user, project))
    return [{key: value for key, value in line.items() if key not in moving} for line in lines]


def lines_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.split("\n") if line]


def copied(text: str, slug: str, author: bool = False):
    """An empty project with the same people into which the file was read, and the report."""
    project = factories.ProjectFactory(slug=slug)
    by = factories.member(project, Role.MANAGER, user__username=f"max-{slug}")
    for name in {line["author"] for line in lines_of(text) if line["is"] == "annotation"}:
        user = User.objects.get(username=name)
        if not author:
            factories.MembershipFactory(project=project, user=user)
    return project, by, stored(project, by, text.encode(), author=by if author else None)


def stored(project: Project, by: User, data: bytes, author: User | None = None) -> Report:
    """The report on such a file, stored in the project."""
    rows = native.read(io.BytesIO(data))
    return storing.store(by=by, project=project, rows=rows, author=author)


def counts(project: Project) -> tuple[int, int]:
    standing = Annotation.objects.standing().filter(project=project)
    return standing.count(), Facet.objects.filter(project=project).count()
