"""Patients: kept sealed, found by keyed hashes."""

from __future__ import annotations

from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature
from ivr.patients import tables
from ivr.patients.representatives.tables import SEALED_OF_REPRESENTATIVES, representative
from ivr.patients.tables import FIELDS, patient

FEATURE = Feature(
    name="patients",
    sealed=(
        *(
            SealedColumn(patient.c[f"{field}_sealed"], field, (patient.c.external_id_hash,), patient.c.practice_id)
            for field in (*FIELDS, "payer")
        ),
        *SEALED_OF_REPRESENTATIVES,
    ),
    tables=(tables.patient, tables.patient_key, representative),
)
