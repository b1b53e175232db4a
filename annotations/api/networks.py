"""The API's networks: who claims what, who agrees with whom, in numbers or as a file."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import analysis, networks
from annotations.access import facets_for
from annotations.exchange.formats import FORMATS, ZIP
from annotations.exchange.network import gexf, graphml, matrix, ucinet
from annotations.exchange.packed import zipped
from annotations.networks import Network, NetworkError, Thing, Window
from corpus_app.api import Address, project_called, refuse_empty, refuse_unknown
from corpus_app.asking import Choice, checked
from corpus_app.models import Project


class File(NamedTuple):
    """How a network is written, and the format that it is then."""

    written: Callable[[Network], Iterator[bytes]]
    format: str


FILES = {
    "graphml": File(graphml.written, "graphml"),
    "gexf": File(gexf.written, "gexf"),
    "dl": File(ucinet.written, "dl"),
    "csv": File(matrix.written, "matrix"),
}


SEVERAL = ("without_actors", "without_tags")


class AskedNetworkSerializer(serializers.Serializer):
    """Which network is wanted, in the words of the Discourse Network Analyzer."""

    mode = Choice(list(networks.MODES.items()), default="two")
    qualifier = Choice(
        list(dict.fromkeys(name for known in networks.QUALIFIERS.values() for name in known)),
        default="ignore", help_text="What becomes of stances; which there are depends on `mode`.",
    )  # fmt: skip
    normalisation = Choice(
        list(dict.fromkeys(name for known in networks.NORMALISATIONS.values() for name in known)),
        default="no", help_text="By what weights are divided; it depends on `mode`, too.",
    )  # fmt: skip
    duplicates = Choice(
        networks.DUPLICATES, default="document",
        help_text="Within what the same statement of the same actor counts once.",
    )  # fmt: skip
    isolates = serializers.BooleanField(default=False)
    since = serializers.DateField(required=False, help_text="From this day on.")
    until = serializers.DateField(required=False, help_text="Until this day, included.")
    window = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=networks.LONGEST_WINDOW,
        help_text="Days; one network for each.",
    )
    step = serializers.IntegerField(
        default=1,
        min_value=1,
        max_value=networks.LONGEST_WINDOW,
        help_text="Days from one window to the next.",
    )
    role = Choice(list(analysis.ROLES.items()), default="claimant")
    facet = serializers.SlugField(required=False, max_length=80, help_text="A facet's slug.")
    layer = Choice(
        list(analysis.LAYERS.items()), default="",
        help_text="Empty: gold where it is decided, else what was handed in.",
    )  # fmt: skip
    counted_once = serializers.BooleanField(
        default=False, help_text="Without what an article took over from an earlier one."
    )
    lifted = serializers.BooleanField(
        default=False, help_text="The whole in the place of an actor that is part of one."
    )
    without_actors = serializers.ListField(
        child=serializers.CharField(max_length=400), required=False, max_length=100
    )
    without_tags = serializers.ListField(
        child=serializers.SlugField(max_length=80), required=False, max_length=100
    )
    format = Choice(["json", *FILES], default="json")

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        _, ask = analysis.asked(said)
        if told := ask.problems():
            raise serializers.ValidationError(told)
        return said


class NodeSerializer(serializers.Serializer):
    """An actor or a tag; `id` is of this answer only."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Unique: an actor's name, or a tag's slug.")
    label = serializers.CharField()
    mode = serializers.ChoiceField(["actor", "tag"])
    kind = serializers.CharField(help_text="An actor's kind, or a tag's facet.")
    statements = serializers.IntegerField()


class EdgeSerializer(serializers.Serializer):
    """Two nodes by their ids, and how strongly they are joined."""

    source = serializers.IntegerField()
    target = serializers.IntegerField()
    weight = serializers.FloatField()
    stances = serializers.DictField(
        child=serializers.IntegerField(), required=False,
        help_text="Between an actor and a tag: how many statements of each stance.",
    )  # fmt: skip


class OneNetworkSerializer(serializers.Serializer):
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    statements = serializers.IntegerField()
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)


class NetworksSerializer(serializers.Serializer):
    """One network, or one for each window."""

    layer = serializers.CharField(help_text="gold, analyst or both; empty if nothing is claimed.")
    networks = OneNetworkSerializer(many=True)


class Networks(Address):
    """A network of actors and tags, as the Discourse Network Analyzer defines them.

    Of what one may see. As JSON or as a file: GraphML, GEXF, UCINET DL, or a matrix in CSV; of
    several windows an archive of files. One query.
    """

    @extend_schema(
        parameters=[AskedNetworkSerializer],
        responses={
            200: NetworksSerializer,
            **{(200, _type): OpenApiTypes.BINARY for _type in sorted(
                {FORMATS[file.format].content_type.partition(";")[0] for file in FILES.values()}
                | {ZIP}
            )},
        },
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        known = AskedNetworkSerializer().fields
        refuse_unknown(request, known, several=SEVERAL)
        refuse_empty(request, known.keys() - {"layer"})
        project = project_called(slug, request)
        said = checked(AskedNetworkSerializer, request.query_params)
        facets = facets_for(request.user).filter(project=project)
        if said.get("facet") and not facets.filter(slug=said["facet"]).exists():
            raise ValidationError({"facet": ["There is no such facet."]})
        layer, found = self._found(request, project, said)
        headers = {"Cache-Control": "private, no-store"}
        if said["format"] != "json":
            return _file(project, FILES[said["format"]], found, headers, "window" in said)
        body = {"layer": layer, "networks": [_as_json(one) for one in found]}
        return Response(body, headers=headers)

    def _found(
        self, request: Request, project: Project, said: dict[str, Any]
    ) -> tuple[str, list[Window]]:
        scope, ask = analysis.asked(said)
        told = analysis.statements(request.user, project, scope)
        try:
            if "window" in said:
                days, step = said["window"], said["step"]
                return told.layer, list(networks.windows(told.statements, ask, days, step))
            whole = networks.network(told.statements, ask)
        except NetworkError as error:
            raise ValidationError([str(error)]) from error
        return told.layer, [Window(ask.since, ask.until, whole)]

    def perform_content_negotiation(self, request: Request, force: bool = False):
        """The query says the format, so no Accept header is refused; errors are in JSON."""
        return super().perform_content_negotiation(request, force=True)


def _file(
    project: Project, file: File, found: list[Window], headers: dict[str, str], several: bool
) -> HttpResponse:
    """The network as a file, or one file for each window in an archive."""
    known = FORMATS[file.format]
    name, kind = f"{project.slug}-network.{known.suffix}", known.content_type
    if several:
        files = ((f"{w.since}_{w.until}.{known.suffix}", file.written(w.network)) for w in found)
        name, kind, pieces = f"{project.slug}-networks.zip", ZIP, zipped(files)
    else:
        pieces = file.written(found[0].network)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        b"".join(pieces), content_type=kind, headers={**headers, "Content-Disposition": disposition}
    )


def _as_json(window: Window) -> dict[str, Any]:
    network = window.network
    first, second = graphml.numbers(network)
    return {
        "since": window.since,
        "until": window.until,
        "statements": network.statements,
        "nodes": [
            {
                "id": number, "name": thing.name, "label": thing.label, "mode": mode,
                "kind": thing.kind, "statements": network.activity.get(thing, 0),
            }
            for number, (mode, thing) in enumerate(network.nodes)
        ],
        "edges": [
            {
                "source": first[one], "target": second[other], "weight": weight,
                **({"stances": _stances(network, one, other)} if network.two_mode else {}),
            }
            for one, other, weight in network.edges()
        ],
    }  # fmt: skip


def _stances(network: Network, actor: Thing, tag: Thing) -> dict[str, int]:
    return {stance or "unsaid": n for stance, n in network.stances[actor, tag].items()}
