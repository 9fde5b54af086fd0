"""The one place where something wrong becomes a sentence for the person who asked."""

import secrets

import structlog

from handlers.dispatch.answers import Answer, Tell, Wrong
from messages.kit.blocks import Message
from messages.kit.refusals import refusal, unexpected
from models.errors import DomainError, Invalid, NotFound

log = structlog.get_logger()


def answer_to(error: Exception, *, in_modal: bool) -> Answer:
    """What to say about ``error``: under the fields of a modal, or to the person alone.

    An error that nobody foresaw is logged with a reference number, which the person is given too.
    """
    if isinstance(error, Invalid) and in_modal:
        return Wrong(error.problems)
    if isinstance(error, DomainError) and in_modal:
        return Wrong({"": error.asking if isinstance(error, NotFound) else str(error)})
    message = _message(error)
    return Wrong({"": message.text}) if in_modal else Tell(message)


def _message(error: Exception) -> Message:
    if isinstance(error, NotFound):
        return refusal(str(error), nearest=error.nearest)
    if isinstance(error, DomainError):
        return refusal(str(error))
    reference = secrets.token_hex(4)
    log.error("unexpected_error", reference=reference, exc_info=error)
    return unexpected(reference)
