"""The person's own access tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from corpus_app import people
from corpus_app.access import tokens_for
from corpus_app.forms.tokens import TokenForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's own tokens; after making one, its secret, which no later answer tells."""
    form, secret = TokenForm(request.POST or None, user=request.user), ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = people.create_token(by=request.user, **form.cleaned_data)
            form = TokenForm(user=request.user)
        except people.PeopleError as error:
            form.add_error(None, str(error))
    own = tokens_for(request.user).select_related("project")
    context = {"form": form, "secret": secret, "tokens": own, "now": timezone.now()}
    status = 400 if form.errors else 201 if secret else 200
    return render(request, "corpus_app/tokens.html", context, status=status)


@require_POST
def revoke_token(request: HttpRequest, key: str) -> HttpResponse:
    """The person's tokens without this one, which opens nothing from now on."""
    token = get_object_or_404(tokens_for(request.user), token_key=key)
    people.revoke_token(by=request.user, token=token)
    messages.success(request, f"Revoked: “{token.name}”. It opens nothing any more.")
    return redirect("tokens")
