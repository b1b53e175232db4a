"""The page of networks: who claims what, and who agrees with whom, drawn and as a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations import analysis, networks
from annotations.analysis import Scope
from annotations.drawing import drawn, narrowed, shown, sign_of
from annotations.network_forms import NetworkForm
from annotations.networks import COMBINED, Ask, Network, NetworkError, told_apart
from annotations.views.project import load_member, page
from corpus_app.models import Project

DRAWN, TABLED = 30, 40  # nodes of a mode
FILES = {
    "graphml": "GraphML",
    "gexf": "GEXF",
    "dl": "UCINET DL",
    "csv": "CSV matrix",
    "json": "JSON",
}
TABS = {"two": "Actors and tags", "actors": "Actors", "tags": "Tags"}
BANDS = 4  # of a cell's colour; its number says the same
WINDOWED = ("window", "step", "since", "until")


@require_safe
@never_cache
def network_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The network that the address asks for, of what the person may see."""
    project = load_member(request, slug)
    form = NetworkForm(request.GET, user=request.user, project=project)
    scope, ask = form.asked
    found = analysis.statements(request.user, project, scope)
    form.name_things(found.statements)
    usual = (scope, ask) == (Scope(), Ask(ask.mode)) and "window" not in form.said
    context: dict[str, Any] = {
        "form": form, "ask": ask, "layer": found.layer, "tabs": _tabs(form),
        "files": _files(project, form), "narrowed": not usual,
        "anything": bool(found.statements),
    }  # fmt: skip
    try:
        whole = networks.network(found.statements, ask)
        context |= _shown(whole)
        if days := form.said.get("window"):
            step = form.said.get("step", days)
            context["windows"] = [
                (one, _summed(one.network), _window_query(form, one))
                for one in networks.windows(found.statements, ask, days, step)
            ]
    except NetworkError as error:
        context["refused"] = str(error)
    return page(request, project, "annotations/network.html", context)


def _shown(whole: Network) -> dict[str, Any]:
    """The network as it is drawn and as a table, both of those with most statements."""
    small = narrowed(whole, DRAWN)
    tabled = narrowed(whole, TABLED)
    return {
        "network": whole, "drawing": drawn(small), "table": _table(tabled),
        "drawn_part": len(small.nodes) < len(whole.nodes),
        "table_part": len(tabled.nodes) < len(whole.nodes), "most": DRAWN, "most_tabled": TABLED,
        "heads": told_apart(tabled.columns), "signs": _signs(small), "combined": COMBINED,
    }  # fmt: skip


def _table(network: Network) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each row's label with its cells: the number, its sign, and how strong it is among all."""
    strongest = max((abs(weight) for weight in network.weights.values()), default=1)
    labels = told_apart(network.rows)
    rows = []
    for number, (row, weights) in enumerate(network.matrix()):
        cells = []
        for column, weight in zip(network.columns, weights, strict=True):
            band = 1 + min(BANDS - 1, int(BANDS * abs(weight) / strongest)) if weight else 0
            cells.append({
                "shown": shown(weight) if weight else "",
                "sign": sign_of(network, weight) if weight else "",
                "band": band, "self": not network.two_mode and row == column,
            })  # fmt: skip
        rows.append((labels[number], cells))
    return rows


def _signs(network: Network) -> list[str]:
    """Which kinds of lines the drawing has."""
    found = {sign_of(network, weight) for weight in network.weights.values()}
    return [sign for sign in ("support", "oppose", "both") if sign in found]


def _summed(network: Network) -> dict[str, Any]:
    total = sum(network.weights.values())
    return {
        "nodes": len(network.nodes), "edges": len(network.weights),
        "weight": shown(total) if total else "0",
    }  # fmt: skip


def _tabs(form: NetworkForm) -> list[tuple[str, str, str]]:
    """Each mode with its address; what another mode does not know is left out of that."""
    tabs = []
    for mode, words in TABS.items():
        kept = [(name, value) for name, value in form.query if name != "mode" and (
            name not in ("qualifier", "normalisation")
            or value in getattr(networks, f"{name.upper()}S")[mode]
        )]  # fmt: skip
        tabs.append((mode, words, urlencode([("mode", mode), *kept])))
    return tabs


def _files(project: Project, form: NetworkForm) -> list[tuple[str, str]]:
    address = reverse("api-network", args=[project.slug])
    windowed = "window" in form.said
    query = [(name, value) for name, value in form.query if name != "step" or windowed]
    if windowed and "step" not in form.said:
        query.append(("step", form.said["window"]))
    return [
        (words, f"{address}?{urlencode([*query, ('format', name)])}")
        for name, words in FILES.items()
    ]


def _window_query(form: NetworkForm, window: networks.Window) -> str:
    kept = [(name, value) for name, value in form.query if name not in WINDOWED]
    return urlencode([*kept, ("since", window.since), ("until", window.until)])
