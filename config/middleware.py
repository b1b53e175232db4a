"""What is refused before any page reads it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat

MOST_QUESTIONS = 100


def readable(get_response: Callable) -> Callable:
    """Keeps what databases fail on from addresses and cookies: U+0000, and questions without end.

    Bodies are kept clean by forms and parsers, and the API refuses addresses itself, in JSON.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if "\0" not in value
        }
        if not request.path_info.startswith("/api/v1/"):
            asked = request.META.get("QUERY_STRING", "")
            if "\0" in request.path_info:
                raise Http404
            if "%00" in asked or asked.count("&") > MOST_QUESTIONS:
                raise BadRequest("This address cannot be read.")
        return get_response(request)

    return middleware


def bounded(get_response: Callable) -> Callable:
    """Answers 413 to what is too large for any page, before anything of it is read.

    The API has a limit of its own.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        size, limit = request.META.get("CONTENT_LENGTH") or "0", settings.UPLOAD_LIMIT
        if request.path_info.startswith("/api/v1/") or not size.isdigit() or int(size) <= limit:
            return get_response(request)
        if request.headers.get("Accept") == "application/json":
            said = f"At most {filesizeformat(limit)} can be sent at a time."
            return JsonResponse({"detail": said}, status=413)
        return render(request, "413.html", {"limit": limit}, status=413)

    return middleware
