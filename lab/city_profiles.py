"""What people of each job family are called, can do, and mostly are, in the example city."""

from __future__ import annotations

from domain.roster import Role, Skill

GRADES = ("II/a", "II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b")
PPPK_GRADES = ("V", "VII", "IX", "X")

POSITIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        "Pengadministrasi Perkantoran",
        "Analis Kebijakan",
        "Pengelola Layanan Operasional",
    ),
    Role.NURSE: ("Perawat Terampil", "Perawat Ahli Pertama", "Perawat Ahli Muda"),
    Role.MIDWIFE: ("Bidan Terampil", "Bidan Ahli Pertama"),
    Role.DOCTOR: ("Dokter Ahli Pertama", "Dokter Ahli Muda"),
    Role.SANITARIAN: ("Sanitarian Terampil", "Sanitarian Ahli Pertama"),
    Role.TEACHER: ("Guru Ahli Pertama", "Guru Ahli Muda", "Guru Ahli Madya"),
    Role.SOCIAL_WORKER: ("Pekerja Sosial Ahli Pertama", "Penyuluh Sosial Terampil"),
    Role.FIELD_OFFICER: ("Petugas Lapangan", "Pengelola Ketertiban Lapangan"),
    Role.CIVIL_ENGINEER: (
        "Teknik Tata Bangunan Ahli Pertama",
        "Teknik Jalan Ahli Muda",
    ),
    Role.LOGISTICS_OFFICER: ("Pengelola Gudang", "Pengelola Barang Milik Daerah"),
    Role.DRIVER: ("Pengemudi",),
    Role.DATA_OFFICER: ("Pranata Komputer Terampil", "Statistisi Ahli Pertama"),
    Role.FIREFIGHTER: ("Pemadam Kebakaran Pemula", "Pemadam Kebakaran Terampil"),
}

# role -> (skill, chance of having it)
SKILLS: dict[Role, tuple[tuple[Skill, float], ...]] = {
    Role.ADMINISTRATOR: (
        (Skill.SHELTER_MANAGEMENT, 0.14), (Skill.DATA_COLLECTION, 0.12), (Skill.WAREHOUSE, 0.07),
        (Skill.FIELD_KITCHEN, 0.10), (Skill.FIRST_AID, 0.06), (Skill.PSYCHOSOCIAL, 0.02),
    ),
    Role.NURSE: ((Skill.NURSING_STR, 1.0), (Skill.FIRST_AID, 0.6), (Skill.PSYCHOSOCIAL, 0.06)),
    Role.MIDWIFE: ((Skill.MIDWIFERY_STR, 1.0), (Skill.FIRST_AID, 0.5)),
    Role.DOCTOR: ((Skill.MEDICINE_STR, 1.0), (Skill.FIRST_AID, 0.8)),
    Role.SANITARIAN: ((Skill.WASH, 1.0), (Skill.DATA_COLLECTION, 0.1)),
    Role.TEACHER: (
        (Skill.PSYCHOSOCIAL, 0.07), (Skill.SHELTER_MANAGEMENT, 0.06), (Skill.FIELD_KITCHEN, 0.04),
        (Skill.FIRST_AID, 0.1),
    ),
    Role.SOCIAL_WORKER: (
        (Skill.SHELTER_MANAGEMENT, 0.6), (Skill.PSYCHOSOCIAL, 0.5), (Skill.FIELD_KITCHEN, 0.4),
        (Skill.RAPID_ASSESSMENT, 0.1),
    ),
    Role.FIELD_OFFICER: (
        (Skill.RAPID_ASSESSMENT, 0.10), (Skill.FIELD_KITCHEN, 0.12), (Skill.BOAT, 0.05), (Skill.DRIVING_SIM, 0.3),
        (Skill.FIRST_AID, 0.25), (Skill.SHELTER_MANAGEMENT, 0.10), (Skill.WASH, 0.06),
    ),
    Role.CIVIL_ENGINEER: ((Skill.RAPID_ASSESSMENT, 0.35), (Skill.WASH, 0.3), (Skill.DRIVING_SIM, 0.2)),
    Role.LOGISTICS_OFFICER: ((Skill.WAREHOUSE, 1.0), (Skill.DRIVING_SIM, 0.3)),
    Role.DRIVER: ((Skill.DRIVING_SIM, 1.0), (Skill.BOAT, 0.06)),
    Role.DATA_OFFICER: ((Skill.DATA_COLLECTION, 1.0), (Skill.RAPID_ASSESSMENT, 0.1)),
    Role.FIREFIGHTER: ((Skill.FIRST_AID, 1.0), (Skill.BOAT, 0.3), (Skill.RAPID_ASSESSMENT, 0.3)),
}  # fmt: skip

EXPIRING = {
    Skill.NURSING_STR,
    Skill.MEDICINE_STR,
    Skill.MIDWIFERY_STR,
    Skill.FIRST_AID,
    Skill.DRIVING_SIM,
    Skill.BOAT,
}
MOSTLY_WOMEN = {
    Role.NURSE: 0.7,
    Role.MIDWIFE: 1.0,
    Role.TEACHER: 0.65,
    Role.SOCIAL_WORKER: 0.6,
}
MOSTLY_MEN = {
    Role.DRIVER: 0.03,
    Role.FIREFIGHTER: 0.05,
    Role.FIELD_OFFICER: 0.2,
    Role.CIVIL_ENGINEER: 0.3,
}
