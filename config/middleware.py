"""What is refused before any page reads it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

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
