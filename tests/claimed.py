"""A small project in which several people claim things, for the tests of networks."""

from datetime import date

from annotations import analysis, annotating, handing
from annotations.analysis import Scope
from annotations.content import Content, Part
from annotations.models import ClaimTag
from corpus_app.models import Role
from tests import factories

TEXT = "The strait is calm today, says the office. Nobody in the harbour agrees with that. " * 3


class World:
    """Ada has handed in two articles and Ben one; one more of Ada's is open."""

    def __init__(self):
        self.project = factories.ProjectFactory(slug="strait")
        self.cora = factories.member(self.project, Role.CURATOR)
        self.ada, self.ben = (
            factories.member(self.project, user__username=name) for name in ("ada", "ben")
        )
        factories.small_codebook(self.project, by=self.cora)
        self.tags = {tag.slug: tag for tag in ClaimTag.objects.filter(project=self.project)}
        own = {"by": self.cora}
        self.union = factories.actor(self.project, "Union", kind="party", **own)
        self.office = factories.actor(self.project, "Office", part_of=self.union, **own)
        self.guild = factories.actor(self.project, "Guild", kind="company", **own)
        self.first = self.article("One. ", published_on=date(2024, 3, 1), outlet="Post")
        self.second = self.article("Two. ", authors=("Ada Quill", "Bo Lee"), outlet="Post")
        self.third = self.article("Three. ", outlet="Herald")

    def article(self, start, **fields):
        return factories.plain_article(self.project, start + TEXT, by=self.cora, **fields)

    def claim(self, article, who, start, *parts, **stances):
        codes = tuple(factories.coded(self.tags[tag], stance) for tag, stance in stances.items())
        if who == self.cora:
            content = Content("claim", ((start, start + 5, None),), tuple(parts), codes)
            revision = article.revisions.get()
            return annotating.create(by=who, revision=revision, content=content, layer="gold")[0]
        return factories.claim(article, who, start, start + 5, parts=tuple(parts), codes=codes)

    def hand_in(self, article, who):
        own = factories.assigned(article, who)
        handing.hand_in(by=who, assignment=own, seen=own.version)

    def found(self, user=None, **scope):
        """The statements as words, and the layer."""
        found = analysis.statements(user or self.cora, self.project, Scope(**scope))
        return sorted(
            f"{one.actor.label} {one.stance or 'says'} {one.tag.name}" for one in found.statements
        ), found.layer

    def filled(self):
        """The same with what Ada and Ben claim."""
        office, guild = factories.claimant(self.office), factories.claimant(self.guild)
        target, voice = Part("target", str(self.guild.pk)), Part("voice", stands_for="outlet")
        self.claim(self.first, self.ada, 5, office, guild, target, fact="", calm="support")
        self.claim(self.first, self.ben, 5, office, voice, fact="", calm="oppose")
        author = Part("claimant", stands_for="author")
        self.claim(self.second, self.ada, 5, author, fact="")
        self.claim(self.third, self.ada, 5, guild, norm="")
        for article, who in ((self.first, self.ada), (self.second, self.ada)):
            self.hand_in(article, who)
        self.hand_in(self.first, self.ben)
        return self
