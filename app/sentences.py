"""What each code means, in one sentence for a person."""

from __future__ import annotations

from domain.plans import ShortfallReason

SENTENCES: dict[str, str] = {
    # before anything was recorded
    "no_authority": "your offices do not allow this here",
    "own_case": "nobody decides their own case",
    "two_hats": "nobody decides twice in one case under two hats",
    "not_by_acting": "an acting officer (Plh, Plt) may not decide this",
    "office_not_held": "whoever is to be substituted does not hold this office",
    "post_not_vacant": "somebody holds this post",
    "holds_it_already": "the person holds this office already",
    "not_of_this_office": "the scope names a decision that is not this office's",
    "lasts_too_long": "a mandate may not last so long",
    "not_a_mandate": "expected SUBSTITUTE, PLH or PLT",
    "own_mandate": "nobody names themself a substitute",
    "own_proposal": "nobody decides on their own proposal",
    "another_government": "the roster belongs to another government than you do",
    "no_such_case": "there is no such case, or it is not yours to see",
    "own_evidence": "nobody erases what they attached themselves",
    # what a task is asked for, where it does not stand so
    "asked_by_name": "this is asked of one person by name; there is nothing to claim",
    "being_decided": "somebody else has decided it just now; the case is answering",
    "claimed_already": "they have claimed it already",
    "claimed_by_another": "somebody else of this office has claimed it",
    "heir_may_not": "the person named may not decide this",
    "not_claimed": "nobody has claimed it",
    "task_closed": "nobody is asked for this any more",
    "task_full": "it holds as many comments or files as it may",
    # a case's refusals
    "already_ended": "the case has ended",
    "another_plan_stands": "a newer plan has been made; look at it and confirm that one",
    "ends_in_the_past": "the end lies in the past",
    "line_is_closed": "the line has been closed",
    "line_is_held": "more people than that hold or were offered a place of the line; call them home first",
    "line_is_over": "the time of the line is over",
    "no_such_line": "the surge has no such line",
    "not_more": "a line that is raised must ask for more than it does now",
    "not_fewer": "a line that is cut must ask for fewer than it does now, and for one at least; or close it",
    "team_cannot_go": "somebody of a team is kept, and the other places of the team cannot be filled",
    "too_many_skills": "the open lines ask for more skills and levels than can be told apart",
    "too_many_teams": "more teams ask for people than can be decided on exactly",
    "letter_lasts_too_long": "the letter asks for help for longer than the rules let one letter do",
    "longer_than_one_duty": "a line lasts longer than one duty may",
    "no_oral_order": "nobody ordered this by word of mouth",
    "no_plan_yet": "no plan has been made yet",
    "no_status_in_force": "no emergency status is in force for the operation (S01)",
    "nobody_to_order": "nobody who is released waits for an order",
    "not_for_this_case": "this decision is not for a case of this kind",
    "not_longer": "an extension must end later than what it extends",
    "decree_not_new": "it takes a new decree; this one is the one that stands",
    "extension_too_late": "the status had ended when the extension was decided; it takes a new declaration",
    "level_missing": "statuses of several levels are in force; say which one",
    "not_ended_yet": "the operation has not ended, or its review has not begun",
    "not_higher": "the level must be above every one in force",
    "not_understood": "the decision is recorded in words that its case does not know",
    "nothing_below": "no lower level's status is in force to go on with",
    "report_filed": "the after-action report has been filed",
    "report_missing": "the after-action report has not been filed",
    "starts_in_the_future": "a status is declared when it begins, or after; not before",
    "starts_too_early": "the status would begin before the one it follows did, or had ended",
    "status_in_force": "this status is in force already; it can be extended",
    "not_your_oral_order": "only who gave the order by word of mouth confirms it in writing",
    "not_now": "the case does not stand where this can be decided",
    "notice_too_short": "a demand for service must be asked for in better time",
    "operation_ended": "the operation has ended",
    "oral_order_not_ratified": "the order by word of mouth was not confirmed in writing in time",
    "oral_order_too_old": "the paper of this oral order is overdue already",
    "order_owed": "somebody went by word of mouth and has no signed order yet",
    "order_incomplete": "the order lacks a part that it must have; its number was voided with the reason",
    "ratified_already": "this oral order has been confirmed in writing",
    "reaches_past_the_letter": "a line ends after the letter does",
    "reports_in_the_past": "a line begins in the past",
    "secondments_open": "somebody is not home yet",
    "somebody_is_out": "somebody has left already; stand the surge down instead",
    "status_cannot_follow": "this status cannot follow the one that stands",
    "agreed_already": "this has been agreed to already",
    "accident_report_owed": "the report to the work accident cover (JKK) is not filed yet",
    "checklist_open": "the demobilisation checklist is not settled: each item is signed, or waived by name",
    "directed_order": "this is a directed order: it may be accepted, also on a condition, and not declined",
    "extended_already": "it was extended once; once more needs the regional secretary's waiver",
    "extension_agreed": "all have agreed to an extension; its order is being made",
    "faulty_details": "the details are not what this decision needs",
    "longer_than_allowed": "the duty would last longer than the rules allow",
    "no_accident_report_owed": "no accident report is owed here",
    "acting_head_missing": "the person heads a unit, and nobody is named to act there (Plh) to the end of the duty (S09)",
    "heads_no_unit": "the person heads no unit",
    "no_extension_proposed": "no extension is proposed",
    "not_within_the_duty": "the later date must lie within the duty",
    "placed_elsewhere_then": "the person is placed elsewhere at that time",
    "reaches_past_the_status": "it would end after the emergency status does (S01)",
    "reported_in_the_future": "nobody has arrived in the future",
    "still_out_elsewhere": "the person is still out on another order",
    "too_early": "it is too early for this",
    **{
        f"cannot_keep_{rule}": f"somebody who should be kept {why}"
        for rule, why in {
            "S02": "is unfit or exempt",
            "S03": "is affected by the disaster",
            "S05": "came home from a surge too short a time ago, or has served enough in a year",
            "S06": "lacks the role or certificate that the line asks for",
            "S07": "is on leave, in training or placed elsewhere then",
            "S09": "holds an office that cannot stay empty",
            "HEAD": "heads a unit",
            "STILL_OUT": "is not home yet from another surge",
            "HELD": "has been offered a place or holds one already",
            "EXCLUDED": "was asked for this surge and does not come",
            "TOO_FAR": "lives farther away than the line allows",
            "REDLINE": "would leave the unit below its redline",
            "NOT_ON_THE_ROSTER": "is not on the roster",
            "NO_OPEN_LINE": "is named for a line that asks for nobody",
            "KEPT_TWICE": "is named twice",
            "LINE_FULL": "is one of more people than the line asks for",
        }.items()
    },
    "too_late": "the deadline had passed when this was decided",
    "evaluated_already": "this side has evaluated already",
    "not_left_the_site": "this is evaluated once the person has left the site after serving there",
    "system": "the system refused it",
}

SHORTFALLS: dict[str, str] = {
    ShortfallReason.NO_SKILL: "too few people hold the role or certificate that the line asks for",
    ShortfallReason.NONE_AVAILABLE: "those who could go are away, unfit, exempt or placed already",
    ShortfallReason.DECLINED: "those who could go were asked and do not come, or serve in the unit that asks",
    ShortfallReason.TOO_FAR: "those who could go live too far away",
    ShortfallReason.DONORS_AT_REDLINE: "their units are at their redline and may lend no more",
    ShortfallReason.COMPETING_LINE: "other lines, more urgent or cheaper to serve so, got them",
    ShortfallReason.TEAM_INCOMPLETE: "the team goes whole or not at all, and another of its lines cannot be filled",
    ShortfallReason.ENDS_SOON: "too little is left of the duty for somebody new to come",
}


def sentence(code: str) -> str:
    """Return what a code means; an unknown one stands for itself."""
    return SENTENCES.get(code, code.replace("_", " "))


def shortfall(reason: str, missing: int) -> str:
    """Return why so many places of a line stay empty."""
    return f"{missing} short: {SHORTFALLS.get(reason, reason)}"
