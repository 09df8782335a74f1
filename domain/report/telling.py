"""How entries of the log are said in Indonesian."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.duties import RETURN_LADDER
from domain.report.source import Entry, Source
from domain.report.words import (
    LEVELS,
    STATUSES,
    Calendar,
    distinct,
    is_uuid,
    lower,
    number,
    office,
    reason,
    role_name,
)


class Teller:
    """Puts entries of one kind into one sentence; "" when there is nothing worth saying."""

    def __init__(self, source: Source, calendar: Calendar) -> None:
        self._calendar = calendar
        self._role_names = source.role_names
        self._units = {unit.unit_id: unit.name for unit in source.units}

    def tell(self, kind: str, entries: Sequence[Entry]) -> str:
        """Say what these entries are; `kind` is one of ONE_BY_ONE or MANY."""
        how = ONE_BY_ONE.get(kind) or MANY[kind]
        if not isinstance(how, str):
            return how(self, entries)
        first = entries[0]
        people = number(int(first.data.get("people", 0)))
        return how.format(n=number(len(entries)), who=office(first.authority), people=people)

    def decreed(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        end = data.get("ends") or data.get("until")
        until = f" s.d. {self._calendar.last_day(datetime.fromisoformat(end))}" if end else ""
        decree = f", SK {data['decree']}" if data.get("decree") else ""
        if entries[0].type == "StatusExtended":
            return f"Status diperpanjang{until}{decree}."
        name = lower(STATUSES.get(str(data.get("status", data.get("state"))), "darurat"))
        if entries[0].type == "StatusDecreed":
            begins = self._calendar.day(datetime.fromisoformat(data["start"]))
            return f"Status {name} ditetapkan, berlaku mulai {begins}{until}{decree}."
        if entries[0].type == "StatusEscalated":
            return f"Operasi naik ke tingkat {self.level(data)}: status {name} ditetapkan{until}{decree}."
        return f"Status {name} ditetapkan{until}{decree}."

    def stood(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        if entries[0].type == "StatusHandedBack":
            return f"Status tingkat {self.level(data)} diakhiri; penanganan kembali ke tingkat di bawahnya."
        if entries[0].type == "StatusBegan":
            return f"Status tingkat {self.level(data)} yang ditetapkan sebelumnya mulai berlaku."
        if entries[0].type == "StatusWithdrawn":
            return f"Status tingkat {self.level(data)} yang belum berlaku dicabut."
        if entries[0].type == "StatusEndingSoon":
            day = self._calendar.last_day(datetime.fromisoformat(data["ends"]))
            return f"Status tingkat {self.level(data)} akan berakhir {day}; belum diperpanjang."
        return f"Status tingkat {self.level(data)} berakhir; status tingkat lain masih berlaku."

    @staticmethod
    def level(data: dict[str, object]) -> str:
        """What the level of a status is called."""
        return LEVELS.get(str(data.get("level")), "lain")

    def planned(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        short = sum(int(row["missing"]) for row in data.get("short", ()))
        rest = f"; {short} kursi tidak terisi" if short else ""
        return f"Rencana dibuat: {data.get('picks', 0)} orang terpilih{rest}."

    def replanned(self, entries: Sequence[Entry]) -> str:
        picks = sum(int(entry.data.get("picks", 0)) for entry in entries)
        return f"Kursi kosong direncanakan ulang; {picks} calon berikutnya terpilih." if picks else ""

    def rejected(self, entries: Sequence[Entry]) -> str:
        choice = entries[0].data.get("choice")
        why = f": {reason(choice)}" if choice and not is_uuid(str(choice)) else ""
        return f"Permintaan ditolak{why}."

    def stood_down(self, entries: Sequence[Entry]) -> str:
        unratified = entries[0].data.get("reason") == "oral_order_not_ratified"
        why = "Perintah lisan tidak dikukuhkan pada waktunya; surge" if unratified else "Surge"
        return f"{why} dihentikan; semua yang masih di luar dipanggil pulang."

    def escalated(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        task = TASKS.get(str(data.get("task")), "Tugas")
        return f"{task} belum diputuskan; kini {office(str(data.get('office')))} diminta bertindak."

    def overridden(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        who, unit = office(entries[0].authority), self._unit(data.get("unit_id"))
        why = f" Alasan: {reason(data['choice'])}." if data.get("choice") else ""
        return f"{who} mengizinkan {unit} melepas {data.get('extra', 1)} orang di bawah batas.{why}"

    def signed(self, entries: Sequence[Entry]) -> str:
        people = number(sum(int(entry.data.get("people", 0)) for entry in entries))
        if len(entries) == 1:
            return f"Surat tugas {entries[0].data.get('number')} untuk {people} orang ditandatangani."
        return f"{len(entries)} surat tugas untuk {people} orang ditandatangani."

    def answers(self, entries: Sequence[Entry]) -> str:
        accepted = sum(entry.data.get("state") == "RELEASE_PENDING" for entry in entries)
        silent = sum(entry.type == "OfferLapsed" for entry in entries)
        parts = (
            (accepted, "menerima"),
            (len(entries) - accepted - silent, "menolak"),
            (silent, "tidak menjawab"),
        )
        said = [(count, verb) for count, verb in parts if count]
        words = [f"{count}{' orang' if at == 0 else ''} {verb}" for at, (count, verb) in enumerate(said)]
        return f"{', '.join(words)} tawaran."

    def released(self, entries: Sequence[Entry]) -> str:
        units = distinct(str(entry.data.get("unit_id")) for entry in entries)
        by = self._unit(units[0]) if len(units) == 1 else f"{len(units)} unit"
        return f"{by} melepas {number(len(entries))} orang."

    def refused(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        choice = str(data.get("choice") or "")
        why = f": {reason(choice)}" if choice and not is_uuid(choice) else ""
        return f"{self._unit(data.get('unit_id'))} menolak melepas {len(entries)} orang untuk {self._role(data)}{why}."

    def overdue(self, entries: Sequence[Entry]) -> str:
        level = min(int(entries[0].data.get("escalation", 1)), len(RETURN_LADDER) - 1)
        owner = office(RETURN_LADDER[level])
        return f"{self._team(entries)} lewat tanggal pulang; kini tanggungan {owner}."

    def unheard(self, entries: Sequence[Entry]) -> str:
        return f"{self._team(entries)} belum melapor di lokasi."

    def offered(self, entries: Sequence[Entry]) -> str:
        return self._people(entries, "ditawari bertugas")

    def left(self, entries: Sequence[Entry]) -> str:
        return self._people(entries, "berangkat", " ke")

    def arrived(self, entries: Sequence[Entry]) -> str:
        return self._people(entries, "tiba", " di")

    def finished(self, entries: Sequence[Entry]) -> str:
        match entries[0].data.get("state"):
            case "WITHDRAWN":
                return self._people(entries, "batal berangkat karena masa tugasnya habis")
            case "OUT_OF_CONTACT":
                return self._people(entries, "masih dicari saat masa tugasnya habis", " di")
            case _:
                return self._people(entries, "selesai bertugas", " di")

    def recalled(self, entries: Sequence[Entry]) -> str:
        return self._people(entries, "dipanggil pulang", " dari")

    def returned(self, entries: Sequence[Entry]) -> str:
        return self._people(entries, "sudah kembali ke unitnya")

    def _people(self, entries: Sequence[Entry], verb: str, to: str = "") -> str:
        """`4 orang logistik berangkat ke Posko utama`, or less when many roles or sites are meant."""
        sites = distinct(str(entry.data.get("site", "")) for entry in entries)
        roles = distinct(str(entry.data.get("role", "")) for entry in entries)
        who = f"{number(len(entries))} orang"
        if len(roles) == 1 and len(sites) == 1:
            who += f" {self._role(entries[0].data)}"
        where = sites[0] if len(sites) == 1 else f"{len(sites)} lokasi"
        return f"{who} {verb}{to} {where}." if to else f"{who} {verb}."

    def _team(self, entries: Sequence[Entry]) -> str:
        data = entries[0].data
        return f"{len(entries)} orang {self._role(data)} di {data.get('site')}"

    def _role(self, data: dict[str, object]) -> str:
        return lower(role_name(str(data.get("role")), self._role_names))

    def _unit(self, unit_id: object) -> str:
        return self._units.get(str(unit_id), "Unit asal")


TASKS = {
    "APPROVE_SURGE": "Permintaan",
    "CONFIRM_PLAN": "Rencana",
    "SIGN_ORDER": "Surat tugas",
    "FILL_OR_REDUCE": "Tempat yang belum terisi",
    "ADD_OR_STAND_DOWN": "Surge yang tidak lagi meminta orang",
}
"""What waits for an officer, by the task."""

_Sentence = str | Callable[[Teller, Sequence[Entry]], str]
ONE_BY_ONE: dict[str, _Sentence] = {
    "OperationOpened": "Operasi dibuka.",
    "StatusDeclared": Teller.decreed,
    "StatusExtended": Teller.decreed,
    "StatusEscalated": Teller.decreed,
    "StatusHandedBack": Teller.stood,
    "StatusDecreed": Teller.decreed,
    "StatusBegan": Teller.stood,
    "StatusWithdrawn": Teller.stood,
    "StatusEndingSoon": Teller.stood,
    "StatusEnded": Teller.stood,
    "StatusLapsed": "Status darurat berakhir tanpa perpanjangan.",
    "OperationEnded": "Operasi diakhiri.",
    "AfterActionOverdue": "Laporan akhir operasi belum dibuat; batas waktunya lewat.",
    "AfterActionFiled": "Laporan akhir operasi dibuat.",
    "OperationArchived": "Operasi diarsipkan.",
    "RequestSubmitted": "Permintaan {people} orang diajukan.",
    "RequestApproved": "{who} menyetujui permintaan.",
    "RequestRejected": Teller.rejected,
    "RequestReturned": "{who} mengembalikan permintaan untuk diperbaiki.",
    "RequestResubmitted": "Permintaan yang diperbaiki diajukan kembali.",
    "RequestCancelled": "Permintaan dibatalkan sebelum ada yang berangkat.",
    "OralOrderGiven": "Perintah lisan diteruskan: {people} orang diminta segera.",
    "OralOrderRatified": "{who} mengukuhkan perintah lisan secara tertulis.",
    "LetterProlonged": "{who} memperpanjang permintaan dengan surat baru.",
    "SurgeEscalated": Teller.escalated,
    "PlanMade": Teller.planned,
    "PlanConfirmed": "{who} mengesahkan rencana.",
    "PlanWithdrawn": "{who} menarik rencana baru; calon terbaik berikutnya ditawari lagi.",
    "PlanLapsed": "Rencana baru tidak disahkan sampai tenggat; calon terbaik berikutnya ditawari lagi.",
    "YearlyCapWaived": "{who} menambah batas hari tugas setahun bagi satu orang.",
    "RedlineOverridden": Teller.overridden,
    "StoodDown": Teller.stood_down,
    "SurgeClosed": "Surge ditutup: tidak ada lagi yang di luar.",
}
"""Told alone; a text is filled with who decided and how many people it says."""

MANY: dict[str, _Sentence] = {
    "Answers": Teller.answers,
    "Replanned": Teller.replanned,
    "ReleaseRefused": Teller.refused,
    "ReturnOverdue": Teller.overdue,
    "CheckInEscalated": Teller.unheard,
    "OrderSigned": Teller.signed,
    "OfferSent": Teller.offered,
    "ReleaseDecided": Teller.released,
    "UncoveredDuty": "{n} orang bertugas melewati akhir status darurat.",
    "CoverRegained": "{n} orang kembali dinaungi status darurat.",
    "ReleaseEscalated": "{n} pelepasan naik ke Sekda karena tidak diputus.",
    "Mobilised": Teller.left,
    "CheckedIn": Teller.arrived,
    "FellDue": Teller.finished,
    "Recalled": Teller.recalled,
    "Returned": Teller.returned,
}
"""Told together with the others of the same day."""
