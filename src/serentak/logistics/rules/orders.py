"""What was asked of another keeper or ordered of a supplier, and what is still open of it."""

from enum import StrEnum

from serentak.kernel.machine import Machine


class OrderState(StrEnum):
    """Where an order stands."""

    ASKED = "ASKED"
    AGREED = "AGREED"
    FULFILLED = "FULFILLED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class OrderEvent(StrEnum):
    """What happens to an order; who keeps the pieces answers it, who asked may withdraw it."""

    AGREE = "AGREE"
    REFUSE = "REFUSE"
    WITHDRAW = "WITHDRAW"
    FULFIL = "FULFIL"
    REOPEN = "REOPEN"


_S, _E = OrderState, OrderEvent

ORDER_TRANSITIONS = Machine[OrderState, OrderEvent](
    {
        (_S.ASKED, _E.AGREE): _S.AGREED,
        (_S.ASKED, _E.REFUSE): _S.REFUSED,
        (_S.ASKED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.AGREED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.AGREED, _E.FULFIL): _S.FULFILLED,
        (_S.FULFILLED, _E.REOPEN): _S.AGREED,
    }
)

OPEN_ORDERS = (_S.ASKED, _S.AGREED)
"""Somebody still has to answer, or to send; the pieces count as ordered."""
