"""A copy of the sources without the rules that weaknesses.py names, and its programs."""
import os
import subprocess

from ground import ROOT
from weaknesses import WEAKNESSES

FOLDER = f"{ROOT}/.build/weak"


class NoWeakBuild(Exception):
    """A rule stands no longer where it is to be taken out, or what is left is no program."""


def weak_build():
    """Writes the copy, builds it, and gives its command line. Files that are as they were stay untouched, so that a second time is short."""
    texts = weakened({path: open(f"{ROOT}/{path}", "rb").read() for path in tracked()})
    for path, text in texts.items():
        write(f"{FOLDER}/{path}", text)
    for place, _, names in os.walk(f"{FOLDER}/Sources"):
        for name in names:
            if os.path.relpath(f"{place}/{name}", FOLDER) not in texts:
                os.unlink(f"{place}/{name}")
    if not os.path.lexists(f"{FOLDER}/Tests"):
        os.symlink(f"{ROOT}/Tests", f"{FOLDER}/Tests")  # named in the package, and not built
    # Without a rule some line may be of no use any more, which is a warning.
    environment = {name: value for name, value in os.environ.items() if name != "OPSLAB_STRICT"}
    built = subprocess.run(["swift", "build", "--package-path", FOLDER, "--disable-index-store", "-debug-info-format", "none"],
                           capture_output=True, text=True, env=environment)
    if built.returncode != 0:
        raise NoWeakBuild("the weak build fails:\n" + "\n".join((built.stdout + built.stderr).splitlines()[-20:]))
    return f"{FOLDER}/.build/debug/ControlPlane"


def tracked():
    """What a build is made of, as it lies there."""
    told = subprocess.run(["git", "ls-files", "-z", "--", "Package.swift", "Sources"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for path in os.fsdecode(told).split("\0") if path and os.path.exists(f"{ROOT}/{path}")]


def weakened(texts):
    """The same files, each rule in them replaced."""
    moved = []
    for name, (_, path, before, after) in WEAKNESSES.items():
        text = texts.get(path, b"").decode()
        if text.count(before) == 1:
            texts[path] = text.replace(before, after).encode()
        else:
            moved.append(f"{name}: {text.count(before)} times in {path}: {before}")
    if moved:
        raise NoWeakBuild("what is to be weakened has to stand there once:\n" + "\n".join(moved))
    return texts


def write(path, text):
    try:
        if open(path, "rb").read() == text:
            return
    except OSError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text)
