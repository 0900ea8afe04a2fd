"""What stands in for the floors above in the platform's tests."""

import io
from datetime import datetime

from PIL import Image

from serentak.kernel.area import BarEntry
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.web.demo import DemoAccount

NAVIGATION = (
    BarEntry(label="Kesehatan", url_name="platform:health", public=True),
    BarEntry(label="Akun", url_name="account_change_password"),
    BarEntry(
        label="Rahasia", url_name="account_logout", permission=Permission("platform.SEE_SECRETS")
    ),
)


def viewer_without_grants(*, user_id: int, at: datetime) -> Viewer:
    """Return a viewer that holds nothing."""
    return Viewer(user_id=user_id)


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return two accounts, of which the second does not exist."""
    return (
        DemoAccount("rini", "Petugas Kesbangpol", "Kabupaten 16.02", "melapor", "/account"),
        DemoAccount("tiada", "Tiada", "Nirwana", "apa pun"),
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (3, 2), **about: object) -> bytes:
    """A small red photo."""
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **about)
    return out.getvalue()


PNG = picture()
