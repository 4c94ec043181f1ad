"""How good the inspection network is, on pictures it has never seen."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.limits import InnerShare, PartShare, Positive, Seed, Size
from factory_env.learned.gan.designer import Designer
from factory_env.learned.inspection.defects import KINDS, render
from factory_env.learned.inspection.eye import Eye, at_share
from factory_env.learned.pictures.garments import GARMENTS, LABELS
from factory_env.learned.pictures.images import AllClasses, unit
from factory_env.learned.scores import calibration_error, roc_auc

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

LEVELS = (0.2, 0.4, 0.6, 0.8, 1.0)  # severities at which recall is reported
REPEATS = 5  # of the timing; the fastest counts


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionSettings:
    """What is measured how; see conf/model/cnn.yaml."""

    visible: InnerShare = 0.4
    faintest: PartShare = LEAST_SEVERITY  # of the defects that a gate meets
    lighting: PartShare = 0.12
    drawn: Size = 6000
    false_alarm: InnerShare = 0.03
    defective_share: InnerShare = 0.08
    false_alarm_usd: Positive = 0.03
    escape_usd: Positive = 5.0
    live_pieces: Size = 4096
    seed: Seed = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Pieces and what the network said of them."""

    kind: Labels  # (n,), 0 sound
    named: Floats  # (n, 8), probability of sound and of each kind

    @property
    def score(self) -> Floats:
        """Probability that the piece is defective, (n,)."""
        return np.asarray(1 - self.named[:, 0], np.float32)

    @property
    def auc(self) -> float:
        """Area under the ROC curve, defective against sound."""
        return roc_auc(self.score[self.kind > 0], self.score[self.kind == 0])


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionQuality:
    """Figures by key, and what the report draws."""

    figures: dict[str, float]
    category: Labels  # (n,), true class of the test pictures
    guess: Labels
    real: Judged  # visible severities
    gate: Judged  # severities as at a gate
    drawn: Judged  # designs, visible severities
    recall: dict[str, dict[str, float]]  # kind -> severity -> share found
    auc: dict[str, float]  # kind -> area, on real pictures
    threshold: float  # at which ``false_alarm`` of the sound pieces are flagged


def measure_inspection(
    eye: Eye, data: AllClasses, designer: Designer, settings: InspectionSettings
) -> InspectionQuality:
    """Measure on the official test pictures, and on designs of the GAN."""
    pictures = unit(data.test_pictures)
    named = eye.categories(pictures)
    guess = named.argmax(1)
    sewn = np.isin(data.test_label, LABELS)
    six = np.array(LABELS)[named[sewn][:, LABELS].argmax(1)]
    garments = pictures[sewn]
    rng = np.random.default_rng(settings.seed)
    real = judge(eye, garments, settings.visible, settings.lighting, rng)
    category = np.arange(settings.drawn) % len(GARMENTS)
    drawn = judge(eye, designer.draw(category, rng), settings.visible, settings.lighting, rng)
    gate = judge(eye, garments, settings.faintest, settings.lighting, rng)
    sound = real.score[real.kind == 0]
    threshold = float(np.quantile(sound, 1 - settings.false_alarm))
    figures = {
        "accuracy_10": float((guess == data.test_label).mean()),
        "accuracy_6": float((six == data.test_label[sewn]).mean()),
        "auc_real": real.auc,
        "auc_gan": drawn.auc,
        "auc_drop_gan": real.auc - drawn.auc,
        **_calibration(real, gate, calibration_error(named.max(1), guess == data.test_label)),
        "live_pieces_per_s": pieces_per_s(eye, garments, settings.live_pieces),
    }
    is_sound = real.kind == 0
    return InspectionQuality(
        figures=figures,
        category=data.test_label,
        guess=guess,
        real=real,
        gate=gate,
        drawn=drawn,
        recall=recall_by_severity(eye, garments, threshold, settings),
        auc={
            name: roc_auc(real.score[real.kind == k], real.score[is_sound])
            for k, name in enumerate(KINDS)
            if k
        },
        threshold=threshold,
    )


def _calibration(real: Judged, gate: Judged, ece_category: float) -> dict[str, float]:
    """How far stated probabilities are from shares: the worse of both heads, and each."""
    ece_defect = calibration_error(gate.score, gate.kind > 0)
    return {
        "ece": max(ece_defect, ece_category),
        "ece_defect": ece_defect,
        "ece_category": ece_category,
        "ece_visible": calibration_error(real.score, real.kind > 0),
    }


def judge(
    eye: Eye, pictures: Floats, faintest: float, lighting: float, rng: np.random.Generator
) -> Judged:
    """Each picture once: half of them sound, the others with a defect of any kind.

    Severities are uniform from ``faintest`` to 1.
    """
    n = len(pictures)
    kind = np.where(np.arange(n) % 2 == 0, 0, 1 + np.arange(n) // 2 % (len(KINDS) - 1))
    kind = kind[rng.permutation(n)]
    severity = (faintest + (1 - faintest) * rng.random(n)).astype(np.float32)
    found = render(pictures, kind, severity, rng, lighting)
    return Judged(kind=kind, named=eye.defects(found.pictures))


def recall_by_severity(
    eye: Eye, pictures: Floats, threshold: float, settings: InspectionSettings
) -> dict[str, dict[str, float]]:
    """Share of defective pieces whose score is above ``threshold``, by kind and severity."""
    found: dict[str, dict[str, float]] = {}
    sample = pictures[: len(pictures) // 6]
    for number, name in enumerate(KINDS):
        if number == 0:
            continue
        found[name] = {}
        for level in LEVELS:
            rng = np.random.default_rng((settings.seed, number))
            severity = np.full(len(sample), level, np.float32)
            kinds = np.full(len(sample), number)
            shown = render(sample, kinds, severity, rng, settings.lighting)
            found[name][f"{level:g}"] = float((eye.defective(shown.pictures) > threshold).mean())
    return found


def pieces_per_s(eye: Eye, pictures: Floats, count: int) -> float:
    """Pieces judged for defects in a second of one core's time, waiting for others left out."""
    shown = np.resize(pictures, (count, *pictures.shape[1:]))
    eye.defects(shown[:256])
    spans = []
    for _ in range(REPEATS):
        start = time.process_time()
        eye.defects(shown)
        spans.append(time.process_time() - start)
    return count / min(spans)


def cost_curve(judged: Judged, settings: InspectionSettings) -> tuple[Floats, Floats]:
    """Thresholds and the cost of 1,000 pieces at each, false alarms and escapes, in USD.

    The probability is moved to the share of defective pieces that a gate meets; the best threshold
    is then false_alarm_usd / (false_alarm_usd + escape_usd) if the probabilities are honest.
    """
    share = settings.defective_share
    score = at_share(judged.score, share)
    thresholds = np.geomspace(1e-4, 1.0, 201, dtype=np.float32)
    sound, bad = np.sort(score[judged.kind == 0]), np.sort(score[judged.kind > 0])
    alarm = 1 - np.searchsorted(sound, thresholds, side="right") / len(sound)
    missed = np.searchsorted(bad, thresholds, side="right") / len(bad)
    cost = (1 - share) * alarm * settings.false_alarm_usd + share * missed * settings.escape_usd
    return thresholds, np.asarray(1000 * cost, np.float32)
