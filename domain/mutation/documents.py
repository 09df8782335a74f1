"""The documents of a mutation's file; which a route needs is said by the rule pack."""

from __future__ import annotations

from enum import StrEnum


class Document(StrEnum):
    """What may be asked for: in the regulation (PerBKN 5/2019), or by local practice alone."""

    UNIT_PROPOSAL = "UNIT_PROPOSAL"  # usul unit kerja
    WORKLOAD_ANALYSIS = "WORKLOAD_ANALYSIS"  # anjab dan ABK
    POSITION_MAP = "POSITION_MAP"  # peta jabatan
    APPLICATION = "APPLICATION"  # surat permohonan
    RECEIVING_PROPOSAL = "RECEIVING_PROPOSAL"  # surat usul PPK instansi penerima
    NO_PROCESS_STATEMENT = "NO_PROCESS_STATEMENT"  # tidak sedang dalam proses disiplin atau peradilan
    LAST_DECREE = "LAST_DECREE"  # SK pangkat dan jabatan terakhir
    PERFORMANCE_RECORDS = "PERFORMANCE_RECORDS"  # penilaian prestasi kerja dua tahun terakhir
    NO_STUDY_STATEMENT = "NO_STUDY_STATEMENT"  # tidak sedang tugas belajar atau ikatan dinas
    INSPECTORATE_CLEARANCE = "INSPECTORATE_CLEARANCE"  # bebas temuan
    RECOMMENDATION_ECHELON_II = "RECOMMENDATION_ECHELON_II"
    RECOMMENDATION_ORIGIN = "RECOMMENDATION_ORIGIN"
    RECOMMENDATION_RECEIVING = "RECOMMENDATION_RECEIVING"
    SPOUSE_CONSENT = "SPOUSE_CONSENT"
    HEALTH_CERTIFICATE = "HEALTH_CERTIFICATE"
    NO_CLAIM_STATEMENT = "NO_CLAIM_STATEMENT"  # tidak menuntut jabatan
    APPOINTMENT_DECREES = "APPOINTMENT_DECREES"  # SK CPNS dan PNS
    SERVICE_CARD = "SERVICE_CARD"  # karpeg
