"""Who sends a request to the API: the owner of a token, or the person who is signed in."""

from urllib.parse import unquote

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS

from corpus_app.models import Token
from corpus_app.people import note_use


class SomebodyElse(APIException):
    """The page was opened by one person and another one is signed in now."""

    status_code = 409
    default_detail = (
        "Somebody else is signed in here now, so nothing was changed. Sign in again as the "
        "person who did this work."
    )
    default_code = "somebody_else"


class ByToken(TokenAuthentication):
    """`Authorization: Token …`, within the token's scope and project."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        if token.scope == Token.Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied("This token may read only. Make one that may write.")
        user.only_project_id = token.project_id
        _require_expected(request, user)
        note_use(token)
        return user, token

    def authenticate_credentials(self, token):
        try:
            digest = hash_token(token.decode())
        except UnicodeDecodeError as error:
            raise AuthenticationFailed("Invalid token.") from error
        stored = Token.objects.select_related("user").filter(digest=digest).first()
        if stored is None or (stored.expiry and stored.expiry <= timezone.now()):
            raise AuthenticationFailed("Invalid token.")
        return self.validate_user(stored)


class BySession(SessionAuthentication):
    """The sign-in of the desk, with its protection against forged requests."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found:
            _require_expected(request, found[0])
        return found


def _require_expected(request, user) -> None:
    """Refuse work that one person did and another one's session would send."""
    expected = request.headers.get("Crossread-User")
    if expected and unquote(expected) != user.username:
        raise SomebodyElse


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = ByToken
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the secret of a token, made under “Tokens” in the desk.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = BySession
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
