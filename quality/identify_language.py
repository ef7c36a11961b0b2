"""The step that names a document's language, with the models that come with altedic (quality/langid/model)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pyarrow as pa

from altedic.quality.langid.detector import CARD, CLOSE_MODEL, FOLDER, MODEL, WINDOWS, Detector
from altedic.quality.langid.second_opinion import SecondOpinion, differs, model_path
from altedic.steps import Annotate


def models_sha256() -> str:
    """Hash (hex) of all that the answers depend on."""
    paths = [*(FOLDER / name for name in (MODEL, CLOSE_MODEL, CARD)), model_path()]
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()


@dataclass(frozen=True)
class IdentifyLanguage:
    """What language a document is in, how sure that is, and whether another model says the same.

    lang, lang_score: BCP 47 code and probability (0..1); "und" for a language without a name here and, with a null score, for
    text without letters; "zxx" for code and markup. lang_share: the share of its letters (0..1) that are in lines in this
    language. lang_second: what lid.176 calls it, null where it says nothing; lang_differs: that this is another of the 24, or
    that one of both says it is none of them.

    Looks at `windows` windows of a document, spread evenly, and at more where they are not all in one language. The
    probabilities are weighed with what the source declares (`declared`: languages by source; none: any): Bayes' rule with
    prior odds of `detector.DECLARED_PRIOR`.
    """

    windows: int = WINDOWS
    declared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    models_sha256: str = field(default_factory=models_sha256)

    name = "identify_language"
    version = 4
    reads = ("text", "source")
    writes = pa.schema(
        [
            pa.field("lang", pa.string(), nullable=False),
            pa.field("lang_score", pa.float32()),
            pa.field("lang_share", pa.float32()),
            pa.field("lang_second", pa.string()),
            pa.field("lang_differs", pa.bool_()),
        ]
    )

    def open(self) -> Annotate:
        """The function of one worker."""
        detector, second, declared = Detector.load(), SecondOpinion.load(), dict(self.declared)

        def annotate(batch: pa.RecordBatch) -> dict[str, pa.Array]:
            of_source = [declared.get(source, ()) for source in batch["source"].to_pylist()]
            found = detector.detect(batch["text"], declared=of_source, windows=self.windows)
            other = second.ask(batch["text"])
            return {
                "lang": found.lang,
                "lang_score": found.score,
                "lang_share": found.share,
                "lang_second": other,
                "lang_differs": differs(found.lang, other),
            }

        return annotate
