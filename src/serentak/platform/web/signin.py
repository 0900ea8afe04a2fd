"""Signing in and out, and changing a password; accounts are made by institutions, never here."""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import public, signed_in
from serentak.platform.accounts import change_password, record_sign_in
from serentak.platform.models import User

from . import attempts
from .demo import accounts

_log = logging.getLogger("serentak.signin")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Closes sign-up, writes through actions, and words refusals so that no account is betrayed."""

    error_messages: dict[str, str | Promise] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("User name and password do not match. Check both."),
        "too_many_login_attempts": _(
            "Too many attempts that failed. Wait five minutes, then try again."
        ),
        "enter_current_password": _("This is not your present password."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Change the password through the action, so that the deed is recorded."""
        actor = Viewer(user_id=user.pk, name=user.full_name)
        change_password(user_id=user.pk, password=password, actor=actor, at=clock.now())
        user.refresh_from_db(fields=["password"])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Record the sign-in, and let the device show later that it is not a stranger's."""
        _log.info("signed in", extra={"user_id": user.pk})
        actor = Viewer(user_id=user.pk, name=user.full_name)
        record_sign_in(address=self.get_client_ip(request), actor=actor, at=clock.now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        attempts.remember_device(request, response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse where too many attempts failed, before the password is looked at."""
        if any(len(limit.failures()) >= limit.most for limit in self._limits(request, credentials)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it, and write a line without the name: it may be a mistyped password."""
        for limit in self._limits(request, credentials):
            limit.count()
        _log.warning("sign-in failed")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted of what succeeds."""

    def _limits(self, request: HttpRequest, credentials: Mapping[str, Any]) -> list[attempts.Limit]:
        return attempts.limits_of(
            request,
            username=str(credentials.get("username", "")),
            address=self.get_client_ip(request),
        )


class SignInForm(LoginForm):  # type: ignore[misc]
    """User name and password, without placeholders that vanish while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = _("User name"), pgettext_lazy("sign-in", "Password")
        password.help_text = ""
        for field in (name, password):
            field.widget.attrs.pop("placeholder", None)
        name.widget.attrs.update(autocapitalize="none", spellcheck="false")


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Present and new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("New password, once more"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _(
            "At least 12 characters; not a common password, not numbers alone."
        )


class _Answers422:
    """A form that is shown again because of its errors is answered with 422."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context.get("form")
        if form is not None and form.errors:
            kwargs["status"] = 422
        response: HttpResponse = super().render_to_response(context, **kwargs)  # type: ignore[misc]
        return response


class SignInView(_Answers422, views.LoginView):  # type: ignore[misc]
    """The form beside the demonstration's accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the panel."""
        return super().get_context_data(**kwargs) | {  # type: ignore[no-any-return]
            "demo_accounts": accounts(),
            "hide_sign_in": True,
        }


class PasswordView(_Answers422, views.PasswordChangeView):  # type: ignore[misc]
    """The page of one's own account."""


urlpatterns: list[URLPattern] = [
    path("sign-in", public(SignInView.as_view()), name="account_login"),
    path("sign-out", public(views.LogoutView.as_view()), name="account_logout"),
    path("account", signed_in(PasswordView.as_view()), name="account_change_password"),
    path("sign-in/closed", public(views.AccountInactiveView.as_view()), name="account_inactive"),
]
