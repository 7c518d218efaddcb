"""A GGUF language model on the CPU, through llama.cpp inside this process. The only door to xllamacpp.

It never writes to stdout or stderr, never keeps what was said on disk, and opens no port that another user of the
device could reach (``llama_control``). Text from outside cannot leave its message: see ``chat_text.harmless``.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from companion.adapters.chat_text import Delivery, check_options, fitted, harmless, harmless_messages
from companion.adapters.llama_control import LlamaControl, as_json
from companion.adapters.option_tree import NEUTRAL, branches, scores, weighed
from companion.adapters.prompt_cache import PromptCache
from companion.errors import ArtifactMissing, InferenceError
from companion.ports import Message

_SEED: Final = 20_011
_REMEMBERED_PREFIXES_MIB: Final = 192
"""Memory for prompts other than the latest: the next one that begins alike starts from there."""
_SILENT: Final = -1
_MAGIC: Final = b"GGUF"
_REMEMBERED_CHOICES: Final = 64
_SPARE_TOKENS: Final = 8
_ALONE: Final = 100.0
_MARK: Final = "\u2042"
"""Stands where a message will be; a sign that nobody types."""
_CLOSE_SECONDS: Final = 10.0
"""Added to the logits of the tokens asked about: e^100 leaves nothing for the others, and their odds as they were."""


class LlamaLanguageModel:
    """``ports.LanguageModel`` over llama.cpp. One thread at a time; ``close`` may be called from any.

    A prompt that begins like an earlier one (the same system message) is evaluated only from where they part. ``warm``
    does that for a fixed system message ahead of time, and keeps it on disk for the next start.

    Args:
        path: A GGUF file, or a folder with one in it.
        threads: CPU threads.
        context_tokens: Longest prompt and reply together; longer conversations lose their oldest turns.
        cache_folder: Where ``warm`` keeps evaluated prefixes; None keeps none.
        digest: SHA-256 of the artifact from its manifest; found from size and time of the file where it is empty.

    Raises:
        ArtifactMissing: No such file.
        InferenceError: The file is no language model that the engine can load.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int,
        context_tokens: int = 2048,
        cache_folder: Path | None = None,
        digest: str = "",
    ) -> None:
        self._file = _gguf(path)
        self._name = path.name if path.is_dir() else self._file.stem
        self._context_tokens = context_tokens
        self._lock = threading.Lock()
        self._neutral: dict[tuple[tuple[Message, ...], frozenset[str]], dict[str, float]] = {}
        self._control = LlamaControl()
        with _mapped("language.load_failed", self._name):
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(self._file)
            params.n_ctx = context_tokens
            params.n_parallel = 1
            params.n_gpu_layers = 0
            for threading_of in (params.cpuparams, params.cpuparams_batch):
                threading_of.n_threads = threads
                # Waiting threads sleep: with another program on the cores, spinning ones cost seconds a token.
                threading_of.poll = 0
            params.verbosity = _SILENT
            params.offline = True
            params.ui = False
            params.force_pure_content_parser = True
            params.cache_ram_mib = _REMEMBERED_PREFIXES_MIB
            params.hostnames = [self._control.host]
            params.api_keys = [self._control.key]
            if cache_folder is not None:
                params.slot_save_path = f"{cache_folder}/"
            try:
                self._server: Any = xllamacpp.Server(params)
            except BaseException:
                self._control.close()
                raise
            self._control.opened(self._server.listening_address)
            # The engine's loop starts on a thread of its own; one that is ended before it began never ends.
            self._control.evaluate(_MARK)
            engine = xllamacpp.__version__
        belongs_to = f"{engine} {digest or _fingerprint(self._file)} {context_tokens}"
        self._cache = PromptCache(cache_folder, belongs_to) if cache_folder is not None else None

    @property
    def name(self) -> str:
        """Id of the artifact: the name of its folder, or of the file."""
        return self._name

    def warm(self, system: str) -> bool:
        """Have a fixed system message evaluated before it is needed; return whether it came from disk.

        What is kept on disk is this message and nothing else: hand in no name and nothing that a person said. Several
        may be warmed, the one needed first last.

        Raises:
            InferenceError: The engine failed. Trouble with the disk is no error: the message is then evaluated.
        """
        with self._running():
            messages = [Message("system", harmless(system)), Message("user", _MARK)]
            prefix, _, _ = self._control.frame(messages).rpartition(_MARK)
            # What is in the slot goes to the engine's memory of prompts before another takes its place.
            self._control.evaluate(_MARK)
            found = self._cache.find(prefix) if self._cache else None
            if found is not None:
                try:
                    self._control.restore(found.name)
                except InferenceError:
                    found.unlink(missing_ok=True)
                else:
                    return True
            self._control.evaluate(prefix)
            self._keep(prefix)
            return False

    def generate(
        self,
        messages: Sequence[Message],
        *,
        stop: Sequence[str] = (),
        max_tokens: int = 80,
        on_token: Callable[[str], bool] | None = None,
    ) -> str:
        """See ``ports.LanguageModel.generate``: greedy, so that the same prompt gives the same reply."""
        delivery = Delivery(stop, on_token)
        with self._running():
            request = {
                "messages": as_json(self._fitting(messages, max_tokens)),
                "max_tokens": max_tokens,
                "stream": True,
                "temperature": 0,
                "seed": _SEED,
                "cache_prompt": True,
                "reasoning_format": "none",
                "chat_template_kwargs": {"enable_thinking": False},
            }
            failed: list[str] = []

            def take(chunk: dict[str, Any]) -> bool:
                if "error" in chunk:
                    failed.append(_kind(chunk))
                    return True
                for choice in chunk.get("choices") or ():
                    if not delivery.take(choice.get("delta", {}).get("content") or ""):
                        return True
                return False

            self._server.handle_chat_completions(request, take)
            if failed:
                raise InferenceError("language.failed", reason=failed[0])
        return delivery.text()

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> tuple[float, ...]:
        """See ``ports.LanguageModel.choose``: ``option_tree`` says how it is weighed."""
        check_options(options)
        with self._running():
            ending = self._control.ending()
            tails = [(*self._control.tokens(option), *ending) for option in options]
            said = self._scores(messages, tails)
            key = (tuple(messages[:-1]), frozenset(options))
            if key not in self._neutral:
                if len(self._neutral) >= _REMEMBERED_CHOICES:
                    self._neutral.clear()
                neutral = self._scores([*messages[:-1], NEUTRAL], tails)
                self._neutral[key] = dict(zip(options, neutral, strict=True))
            return weighed(said, [self._neutral[key][option] for option in options])

    def close(self) -> None:
        """Let the memory go. Calling it twice does nothing; any other call afterwards is an ``InferenceError``."""
        with self._lock:
            held = [self._server]
            self._server = None
            # The engine joins its threads when it is let go: nobody who closes it waits for that for ever.
            letting_go = threading.Thread(target=held.clear, name="llama-end", daemon=True)
            letting_go.start()
            letting_go.join(_CLOSE_SECONDS)
            self._control.close()

    def _fitting(self, messages: Sequence[Message], max_tokens: int) -> list[Message]:
        room = self._context_tokens - max_tokens - _SPARE_TOKENS
        return fitted(harmless_messages(messages), count=self._control.count, limit=max(1, room))

    def _scores(self, messages: Sequence[Message], tails: Sequence[tuple[int, ...]]) -> tuple[float, ...]:
        fitting = self._fitting(messages, max(len(tail) for tail in tails))
        prompt = self._control.tokens(self._control.frame(fitting), special=True)
        chances = {path: self._weights([*prompt, *path], tokens) for path, tokens in branches(tails).items()}
        return scores(tails, chances)

    def _weights(self, prompt: list[int], tokens: Sequence[int]) -> dict[int, float]:
        """Return the probability of each of ``tokens`` to be next, among them alone."""
        answer = self._server.handle_completions(
            {
                "prompt": prompt,
                "max_tokens": 1,
                "temperature": 1,
                "samplers": [],
                "seed": _SEED,
                "cache_prompt": True,
                "logit_bias": [[token, _ALONE] for token in tokens],
                "post_sampling_probs": True,
                "logprobs": len(tokens),
            }
        )
        if "error" in answer:
            raise InferenceError("language.failed", reason=_kind(answer))
        found = answer["choices"][0]["logprobs"]["content"][0]["top_probs"]
        return {int(one["id"]): float(one["prob"]) for one in found if one["id"] in tokens}

    def _keep(self, prefix: str) -> None:
        part = self._cache.part(prefix) if self._cache else None
        if self._cache is None or part is None:
            return
        try:
            size = self._control.save(part.name)
        except InferenceError:
            part.unlink(missing_ok=True)
        else:
            self._cache.keep(prefix, size)

    @contextmanager
    def _running(self) -> Iterator[None]:
        with self._lock, _mapped("language.failed", self._name):
            if self._server is None:
                raise InferenceError("language.closed", name=self._name)
            yield


@contextmanager
def _mapped(key: str, name: str) -> Iterator[None]:
    """Turn what xllamacpp raises into our errors; its words may hold the prompt, so only the kind is kept."""
    try:
        yield
    except (RuntimeError, ValueError, TypeError, KeyError, OSError) as error:
        raise InferenceError(key, name=name, reason=type(error).__name__) from None


def _kind(answer: dict[str, Any]) -> str:
    error = answer["error"]
    return str(error.get("type", "unknown")) if isinstance(error, dict) else "unknown"


def _gguf(path: Path) -> Path:
    if path.is_dir():
        found = sorted(path.glob("*.gguf"))
        if not found:
            raise ArtifactMissing("language.file_missing", path=path)
        path = found[0]
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ArtifactMissing("language.file_missing", path=path) from error
    if magic != _MAGIC:
        raise InferenceError("language.not_gguf", file=path.name)
    return path


def _fingerprint(file: Path) -> str:
    """Tell one artifact from another without reading all of it."""
    stat = file.stat()
    with file.open("rb") as opened:
        head = opened.read(1 << 20)
    return hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode() + head).hexdigest()
