"""The cache of models is the one that Python's huggingface_hub uses: each reads what the other wrote.

Needs a built checkout, and the packages of requirements.txt; run it by hand from the root of the repository:

    python reference/hub/check_cache.py

It serves examples/demo-models/base from a hub on this machine (LocalHub, of the tests), and compares bytes:
1. rolescope export fetches; huggingface_hub finds all files in that cache without network.
2. huggingface_hub fetches from the same hub; rolescope export --offline makes the same model of that cache.
3. Each finds nothing left to fetch in the other's cache.
"""

import glob
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import huggingface_hub

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVED = ROOT / "examples" / "demo-models" / "base"
MODEL = "demo/tiny-base"
FILES = sorted(file.name for file in SERVED.iterdir())


def serve():
    jars = [str(ROOT / "export-tools/target/test-classes")]
    jars += glob.glob(str(ROOT / "cli/target/app/lib/jackson-*.jar"))
    java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    server = subprocess.Popen(
        [java, "-cp", os.pathsep.join(jars), "org.rolescope.export.testing.LocalHub", MODEL, SERVED],
        stdout=subprocess.PIPE, text=True)
    return server, server.stdout.readline().strip()


def rolescope(folder, endpoint, home, *arguments):
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_OFFLINE": "0"}
    done = subprocess.run(
        [ROOT / "rolescope", "export", MODEL, "--data", folder, *arguments],
        env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def digest(folder):
    return json.loads((folder / "models" / "tiny-base" / "rolescope.json").read_text())["digest"]


def python_fetch(endpoint, cache, **options):
    for name in FILES:
        path = huggingface_hub.hf_hub_download(MODEL, name, cache_dir=cache, endpoint=endpoint, **options)
        assert pathlib.Path(path).read_bytes() == (SERVED / name).read_bytes(), name


def layout(cache):
    folder = cache / "models--demo--tiny-base"
    return sorted(
        (str(path.relative_to(folder)), os.readlink(path) if path.is_symlink() else path.read_bytes())
        for path in folder.rglob("*") if path.is_file())


def main():
    server, endpoint = serve()
    try:
        with tempfile.TemporaryDirectory() as name:
            work = pathlib.Path(name)
            ours, theirs = work / "ours", work / "theirs"

            print(rolescope(work / "a", endpoint, ours))
            python_fetch(endpoint, ours / "hub", local_files_only=True)
            folder = huggingface_hub.snapshot_download(MODEL, cache_dir=ours / "hub", local_files_only=True)
            assert sorted(os.listdir(folder)) == FILES
            scan = huggingface_hub.scan_cache_dir(ours / "hub")
            assert not scan.warnings and len(scan.repos) == 1, scan

            python_fetch(endpoint, theirs / "hub")
            print(rolescope(work / "b", endpoint, theirs, "--offline"))
            assert digest(work / "a") == digest(work / "b")
            assert layout(ours / "hub") == layout(theirs / "hub"), "the layouts differ"

            output = rolescope(work / "b", endpoint, theirs)
            assert "In the cache" in output, output
            python_fetch(endpoint, ours / "hub")
            assert layout(ours / "hub") == layout(theirs / "hub")
    finally:
        server.kill()
    print(f"huggingface_hub {huggingface_hub.__version__} and Rolescope share a cache: "
          f"{len(FILES)} files, equal layouts, equal bytes")


if __name__ == "__main__":
    sys.exit(main())
