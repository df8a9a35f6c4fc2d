"""A small model of the kind of fraud, trained on what a centre has decided itself; the rules stay inside it.

Theory. Softmax regression over characters two and three at a time, hashed into BUCKETS, beside the pulls of the rules
(`fraud_kinds.pulls`) with one learned factor: where the centre's own cases say nothing, the rules decide. Counts are
dampened by a logarithm and scaled to unit length, so a long text is no louder than a short one. The temperature is
fitted last, on examples that the weights have not seen, so that probabilities can be believed. Weights are stored as
plain arrays (no pickle): a model file is data and cannot run.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wuzha.intake.kinds import fraud_kinds
from wuzha.intake.kinds.fraud_kinds import KindVerdict

BUCKETS = 1 << 15
EPOCHS = 6
STEP = 0.5
DECAY = 1e-6
SEED = 20160918
GRAMS_SHOWN_MAX = 6
TEMPERATURES = tuple(0.3 * 1.15**power for power in range(18))
_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint64)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KindModel:
    """`weights` (kinds x BUCKETS), `bias` (kinds), `rule_factor`, `temperature`; `info` tells where it came from."""

    kinds: tuple[str, ...]
    weights: Floats
    bias: Floats
    rule_factor: float
    temperature: float
    info: dict[str, object] = field(default_factory=dict)

    def classify(self, text: str) -> KindVerdict:
        """The verdict on `text`, with the characters and words that spoke for each of the first kinds."""
        logits = self._logits(text) / self.temperature
        raised = np.exp(logits - logits.max())
        shares = raised / raised.sum()
        probabilities = {kind: float(share) for kind, share in zip(self.kinds, shares, strict=True)}
        weighed = fraud_kinds.weigh(text)
        first = sorted(probabilities, key=lambda kind: -probabilities[kind])[:3]
        words = {kind: (*weighed.get(kind, (0.0, ()))[1][:4], *self._grams(text, kind)) for kind in first}
        return fraud_kinds.verdict(probabilities, words, has_evidence=len(text) > 1, by=str(self.info.get("name", "")))

    def _logits(self, text: str) -> Floats:
        buckets, values = features(text)
        rules = fraud_kinds.pulls(text)
        pull = np.array([rules.get(kind, 0.0) for kind in self.kinds], dtype=np.float32)
        logits: Floats = self.weights[:, buckets] @ values + self.bias + np.float32(self.rule_factor) * pull
        return logits

    def _grams(self, text: str, kind: str) -> tuple[str, ...]:
        body = text[: fraud_kinds.TEXT_READ_MAX]
        codes = _codes(body)
        if len(codes) < 3:
            return ()
        row = self.weights[self.kinds.index(kind)] - self.weights.mean(axis=0)
        strength = row[_hash(codes, 3)]
        chosen: list[str] = []
        for at in np.argsort(-strength)[: GRAMS_SHOWN_MAX * 8]:
            gram = body[at : at + 3]
            if strength[at] > 0 and gram.isalnum() and not any(gram[:2] in old or gram[1:] in old for old in chosen):
                chosen.append(gram)
        return tuple(chosen[:GRAMS_SHOWN_MAX])

    def save(self, path: Path) -> None:
        """Write beside and rename, so that a reader never sees half a model."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part.npz")
        np.savez_compressed(
            beside,
            kinds=np.array(self.kinds),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            scalars=np.array([self.rule_factor, self.temperature]),
            info=np.array(json.dumps(self.info, ensure_ascii=False)),
        )
        beside.replace(path)


def load(path: Path) -> KindModel | None:
    """The model at `path`, None when there is none."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as stored:
        factor, temperature = (float(value) for value in stored["scalars"])
        return KindModel(
            tuple(str(kind) for kind in stored["kinds"]),
            stored["weights"].astype(np.float32),
            stored["bias"].astype(np.float32),
            factor,
            temperature,
            json.loads(str(stored["info"])),
        )


def _codes(text: str) -> NDArray[np.uint64]:
    encoded = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, dtype=np.uint32).astype(np.uint64)


def _hash(codes: NDArray[np.uint64], size: int) -> Ints:
    mixed = np.zeros(len(codes) - size + 1, dtype=np.uint64)
    for offset in range(size):
        mixed += codes[offset : len(codes) - size + 1 + offset] * _MULTIPLIERS[offset]
    mixed ^= mixed >> np.uint64(15)
    return (mixed % np.uint64(BUCKETS)).astype(np.int64)


def features(text: str) -> tuple[Ints, Floats]:
    """Buckets of the text's two- and three-character pieces, and their dampened, unit-length weights."""
    codes = _codes(text[: fraud_kinds.TEXT_READ_MAX])
    pieces = [_hash(codes, size) for size in (2, 3) if len(codes) >= size]
    if not pieces:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    buckets, counts = np.unique(np.concatenate(pieces), return_counts=True)
    values = np.log1p(counts).astype(np.float32)
    return buckets, values / np.float32(np.linalg.norm(values))


def fit(examples: Sequence[tuple[str, str]], tuning: Sequence[tuple[str, str]], info: dict[str, object]) -> KindModel:
    """Weights from `examples` (text, kind code), temperature from `tuning`; the same input gives the same model."""
    kinds = tuple(fraud_kinds.all_kinds())
    place = {kind: at for at, kind in enumerate(kinds)}
    rows = [features(text) for text, _kind in examples]
    rules = np.array([[pull[kind] for kind in kinds] for pull in (fraud_kinds.pulls(text) for text, _kind in examples)])
    weights = np.zeros((len(kinds), BUCKETS), dtype=np.float32)
    seen = np.full((len(kinds), BUCKETS), 1e-2, dtype=np.float32)
    bias = np.zeros(len(kinds), dtype=np.float32)
    factor = 1.0
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        step = STEP / (1 + epoch)
        for at in order.permutation(len(rows)):
            buckets, values = rows[at]
            logits = weights[:, buckets] @ values + bias + factor * rules[at]
            raised = np.exp(logits - logits.max())
            error = (raised / raised.sum()).astype(np.float32)
            error[place[examples[at][1]]] -= 1
            gradient = np.outer(error, values) + DECAY * weights[:, buckets]
            seen[:, buckets] += gradient**2
            weights[:, buckets] -= step * gradient / np.sqrt(seen[:, buckets])
            bias -= np.float32(0.02 * step) * error
            factor = float(min(max(factor - 0.002 * step * float(error @ rules[at]), 0.2), 2.0))
    model = KindModel(kinds, weights, bias, factor, 1.0, info)
    return KindModel(kinds, weights, bias, factor, _temperature(model, tuning), info)


def _temperature(model: KindModel, tuning: Sequence[tuple[str, str]]) -> float:
    if not tuning:
        return 1.0
    place = {kind: at for at, kind in enumerate(model.kinds)}
    logits = np.array([model._logits(text) for text, _kind in tuning])
    right = np.array([place[kind] for _text, kind in tuning])

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(axis=1, keepdims=True)
        whole = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        return float((whole - scaled[np.arange(len(right)), right]).mean())

    return min(TEMPERATURES, key=loss)
