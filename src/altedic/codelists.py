"""Code lists of the EU Publications Office and of DCAT-AP that a recipe may use; what is not in them a portal does not know."""

from __future__ import annotations

AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""All authority tables stand below it: <table>/<code>."""

THEMES: dict[str, str] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "JUST": "Justice, legal system and public safety",
    "OP_DATPRO": "Provisional data",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
"""Authority table data-theme."""

ACCESS_RIGHTS: dict[str, str] = {"PUBLIC": "public", "RESTRICTED": "restricted", "NON_PUBLIC": "non-public"}
"""Authority table access-right, the three that DCAT-AP names."""

FREQUENCIES: dict[str, str] = {
    "ANNUAL": "annual",
    "ANNUAL_2": "semiannual",
    "ANNUAL_3": "three times a year",
    "BIENNIAL": "biennial",
    "BIMONTHLY": "bimonthly",
    "BIWEEKLY": "biweekly",
    "CONT": "continuous",
    "DAILY": "daily",
    "DAILY_2": "twice a day",
    "IRREG": "irregular",
    "MONTHLY": "monthly",
    "MONTHLY_2": "semimonthly",
    "MONTHLY_3": "three times a month",
    "NEVER": "never",
    "OTHER": "other",
    "QUARTERLY": "quarterly",
    "TRIENNIAL": "triennial",
    "UNKNOWN": "unknown",
    "UPDATE_CONT": "continuously updated",
    "WEEKLY": "weekly",
    "WEEKLY_2": "semiweekly",
    "WEEKLY_3": "three times a week",
}
"""Authority table frequency."""

AVAILABILITIES: dict[str, str] = {
    "AVAILABLE": "available",
    "EXPERIMENTAL": "experimental",
    "STABLE": "stable",
    "TEMPORARY": "temporary",
}
"""Authority table planned-availability."""

PUBLISHER_TYPES: dict[str, str] = {
    "Academia-ScientificOrganisation": "Academia/Scientific organisation",
    "Company": "Company",
    "IndustryConsortium": "Industry consortium",
    "LocalAuthority": "Local authority",
    "NationalAuthority": "National authority",
    "NonGovernmentalOrganisation": "Non-governmental organisation",
    "NonProfitOrganisation": "Non-profit organisation",
    "PrivateIndividual(s)": "Private individual(s)",
    "RegionalAuthority": "Regional authority",
    "StandardisationBody": "Standardisation body",
    "SupraNationalAuthority": "Supra-national authority",
}
"""ADMS publisher types, below http://purl.org/adms/publishertype/."""

CONTINENTS: dict[str, str] = {
    "AFRICA": "Africa",
    "AMERICA": "America",
    "ANTARCTICA": "Antarctica",
    "ASIA": "Asia",
    "EUROPE": "Europe",
    "OCEANIA": "Oceania",
}
"""Authority table continent."""

COUNTRIES: dict[str, str] = {
    "AUT": "Austria",
    "BEL": "Belgium",
    "BGR": "Bulgaria",
    "CYP": "Cyprus",
    "CZE": "Czechia",
    "DEU": "Germany",
    "DNK": "Denmark",
    "ESP": "Spain",
    "EST": "Estonia",
    "EUR": "European Union",
    "FIN": "Finland",
    "FRA": "France",
    "GRC": "Greece",
    "HRV": "Croatia",
    "HUN": "Hungary",
    "IRL": "Ireland",
    "ITA": "Italy",
    "LTU": "Lithuania",
    "LUX": "Luxembourg",
    "LVA": "Latvia",
    "MLT": "Malta",
    "NLD": "Netherlands",
    "POL": "Poland",
    "PRT": "Portugal",
    "ROU": "Romania",
    "SVK": "Slovakia",
    "SVN": "Slovenia",
    "SWE": "Sweden",
}
"""Authority table country: the member states and the Union."""

PLACES: dict[str, str] = CONTINENTS | COUNTRIES

LANGUAGE_CODES: dict[str, str] = {
    "bg": "BUL",
    "hr": "HRV",
    "cs": "CES",
    "da": "DAN",
    "nl": "NLD",
    "en": "ENG",
    "et": "EST",
    "fi": "FIN",
    "fr": "FRA",
    "de": "DEU",
    "el": "ELL",
    "hu": "HUN",
    "ga": "GLE",
    "it": "ITA",
    "lv": "LAV",
    "lt": "LIT",
    "mt": "MLT",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "sk": "SLK",
    "sl": "SLV",
    "es": "SPA",
    "sv": "SWE",
}
"""Authority table language: the code of each of the 24 (BCP 47)."""

MEASURES: dict[str, str] = {
    "accessControlsAuthenticationMechanisms": "access controls and authentication mechanisms",
    "dataBackupAndRecoveryProcedures": "data backup and recovery procedures",
    "dataBreachNotificationMechanisms": "data breach notification mechanisms",
    "dataRetentionAndDeletionPolicies": "data retention and deletion policies",
    "encryptionOfPersonalData": "encryption of personal data",
    "incidentResponseAndManagementProcedures": "incident response and management procedures",
    "networkAndCommunicationSecurity": "network and communication security",
    "physicalSecurityMeasuresForPremisesAndEquipment": "physical security measures for premises and equipment",
    "pseudonymisationOfPersonalData": "pseudonymisation of personal data",
    "staffTrainingOnDataProtectionAndSecurityAwareness": "staff training on data protection and security awareness",
}
"""META-SHARE TechnicalOrganisationalMeasureTaxonomy."""

PRINCIPLES: dict[str, str] = {
    "accuracy": "accuracy",
    "alignmentDataRights": "alignment with data rights",
    "dataMinimisation": "data minimisation",
    "integrityConfidentiality": "integrity and confidentiality",
    "lawfulnessFairnessTransparency": "lawfulness, fairness and transparency",
    "purposeLimitation": "purpose limitation",
    "storageLimitation": "storage limitation",
}
"""META-SHARE DataProtectionPrincipleTaxonomy."""
