"""What a project holds that a format may be unable to: the rows of the table of losses."""

from enum import StrEnum


class Feature(StrEnum):
    """One kind of information. Its value is how the table, warnings and messages call it."""

    TEXTS = "the articles' texts"
    RAW = "raw input and what was left out of it"
    EARLIER = "earlier texts of an article"
    PASSAGES = "passages and their kinds"
    TITLE = "titles"
    OUTLET = "outlets"
    PEOPLE = "authors and translators"
    PUBLISHED = "dates of publication"
    LANGUAGE = "languages"
    URL = "addresses of articles"
    STORY = "stories"
    RIGHTS = "notes on rights"
    UNMARKED = "articles in no annotation"
    OUTLETS = "country, address and standpoint of outlets"
    STORIES = "day and summary of stories"
    EMPTY = "outlets and stories without articles"

    PROJECT = "the project's name and description"
    FACETS = "what facets are called and how many tags they take"
    LABELS = "labels of tags"
    DEFINITIONS = "definitions of tags"
    WORDINGS = "examples and earlier wordings of definitions"
    TREE = "the tree of tags"
    LOOK = "colours, keys and order of tags"
    RETIRED = "what is retired"
    MERGERS = "mergers of tags"
    UNUSED = "tags and actors in no annotation"
    ACTORS = "kinds, names, ids and affiliations of actors"

    IDS = "ids of annotations"
    TIMES = "versions and times"
    AUTHORS = "whose annotation it is"
    GOLD = "which annotations are gold"
    ORIGIN = "origin, tool and its version"
    MENTIONS = "mentions"
    PIECES = "annotations of several pieces"
    OVERLAPS = "annotations that overlap"
    PARTICIPANTS = "participants and their roles"
    CHAIN = "the order of the voice chain"
    STAND_INS = "the article's author or outlet as participant"
    ENDORSEMENT = "endorsement"
    CODINGS = "tags of annotations"
    STANCE = "stance"
    WORDED = "which wording a tag was given under"
    ATTRIBUTION = "attribution"
    CERTAINTY = "certainty"
    NOTE = "notes"
    FLAGGED = "flags"
    LINKS = "links between claims"
    COMMENTS = "comments"


ALL = frozenset(Feature)
# What is on the desk and in no file: of these there is no feature.
IN_NO_FILE = (
    "cases, decisions with their reasons, and objections to them",
    "annotations and comments that were deleted",
    "the history: earlier versions of annotations, and who changed what when",
    "members and their roles, who was given which article, and what was handed in or returned",
    "what was to be coded again, and suggestions that were refused",
    "rules for the lines of an outlet's pages, and how columns of tables are read",
    "which actors are not the same, though their names are alike",
    "settings of the project, saved filters, messages and what was read",
    "batches, imports, releases and webhooks",
)
# What is known of outlets and stories beyond the names by which articles know them.
REGISTER = frozenset({Feature.OUTLETS, Feature.STORIES, Feature.EMPTY})
# What formats lose that carry annotations on texts, and nothing of how a desk is kept.
DESK = frozenset(
    {
        Feature.RAW, Feature.EARLIER, Feature.RIGHTS, Feature.PROJECT, Feature.WORDINGS,
        Feature.LOOK, Feature.RETIRED, Feature.MERGERS, Feature.ACTORS, Feature.WORDED,
        Feature.COMMENTS, *REGISTER,
    }
)  # fmt: skip
# What a network of actors and tags is made of, and with it all that it can hold; a matrix of
# weights says nothing of stances.
WEIGHTS = frozenset({Feature.PARTICIPANTS, Feature.CODINGS, Feature.LABELS})
NETWORK = WEIGHTS | {Feature.STANCE}
