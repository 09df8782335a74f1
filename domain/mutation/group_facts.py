"""What each move of a batch or a swap is called in the log."""

from __future__ import annotations

from domain.mutation.group_life import GroupTrigger

EVENT_OF: dict[GroupTrigger, str] = {
    GroupTrigger.FORM: "GroupFormed",
    GroupTrigger.PREPARE_DECREE: "JointDecreePrepared",
    GroupTrigger.INITIAL: "JointDecreeInitialled",
    GroupTrigger.RETURN_DECREE: "JointDecreeReturned",
    GroupTrigger.ASK_SIGNATURE: "JointSignatureAsked",
    GroupTrigger.REFUSE_SIGNATURE: "JointSignatureRefused",
    GroupTrigger.SIGN_DECREE: "JointDecreeSigned",
    GroupTrigger.DISSOLVE: "GroupDissolved",
    GroupTrigger.LOOK: "GroupChanged",
    GroupTrigger.TAKE_EFFECT: "SwapEffective",
    GroupTrigger.HOLD_UP: "SwapHeldUp",
    GroupTrigger.URGE: "GroupUrged",
}
"""Trigger -> type of the entry; each member's own entry stands beside it."""

EVENTS: dict[str, str] = {
    "GroupFormed": "mutations are put together: one decree for all (a batch), or all or none (a swap)",
    "JointDecreePrepared": "one decree is drafted for the members of a group who are approved",
    "JointDecreeInitialled": "an office has initialled the decree of a group",
    "JointDecreeReturned": "an office does not initial the decree of a group as it is drafted",
    "JointSignatureAsked": "whoever signs has decided, and the service that holds the key is asked to sign for a group",
    "JointSignatureRefused": "the signature for a group did not come; why is a code that stays here",
    "JointDecreeSigned": "the decree of a group is signed and has its number",
    "GroupDissolved": "who has no decree yet goes on without the group",
    "GroupChanged": "a member has come or gone, or has got further: where the group stands since",
    "SwapEffective": "all of a swap hold their new positions, from one moment on",
    "SwapHeldUp": "a swap does not take effect although its day has come; `reason` says why",
    "GroupUrged": "an office is reminded of the decree of a group, or the office above is asked to see to it",
}
"""Type of an entry -> what it says; rows of the table of `domain/events.py`."""
