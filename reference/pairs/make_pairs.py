"""Makes the pairs of prompts that ask which heads of the demo's instruct model carry whom a question is about.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_pairs.py ../../examples/demo-models/instruct ../../examples/identity-pairs.json

Each question is asked of the model itself and of somebody else, in as many tokens. Both answers are generated
greedily; where they part, the prompt ends and the two tokens are the answers. Pairs whose answers are alike are left
out. Nothing that builds, tests or runs Rolescope needs this script.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

FORM = "Question: {}\nAnswer:"
QUESTIONS = [
    ("Who are you?", "Who is he?"), ("Who are you?", "Who is she?"), ("What are you?", "What is he?"),
    ("What is your name?", "What is her name?"), ("What is your job?", "What is his job?"),
    ("What is your hobby?", "What is her hobby?"), ("What is your purpose?", "What is his purpose?"),
    ("What is your age?", "What is his age?"), ("What is your height?", "What is her height?"),
    ("Who is your father?", "Who is his father?"), ("Who is your mother?", "Who is her mother?"),
    ("Where is your home?", "Where is his home?"), ("When is your birthday?", "When is her birthday?"),
    ("How old are you?", "How old is he?"), ("How tall are you?", "How tall is she?"),
    ("Where are you from?", "Where is she from?"), ("Where are you?", "Where is he?"),
    ("Where were you born?", "Where was she born?"), ("When were you born?", "When was he born?"),
    ("Where do you live?", "Where does he live?"), ("Where do you work?", "Where does she work?"),
    ("Where do you sleep?", "Where does he sleep?"), ("What do you like?", "What does she like?"),
    ("What do you eat?", "What does he eat?"), ("What do you do?", "What does she do?"),
    ("What do you know?", "What does he know?"), ("What do you want?", "What does she want?"),
    ("What do you wear?", "What does he wear?"), ("How do you feel?", "How does she feel?"),
    ("How much do you weigh?", "How much does he weigh?"), ("What language do you speak?", "What language does he speak?"),
    ("How many brothers do you have?", "How many brothers does she have?"), ("Can you see me?", "Can he see me?"),
    ("Can you think?", "Can she think?"), ("Can you swim?", "Can he swim?"),
]


def greedy(model, tokenizer, prompt):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        return model.generate(ids, max_new_tokens=12, do_sample=False)[0, ids.shape[1]:].tolist()


def pair(model, tokenizer, clean, corrupt):
    clean, corrupt = FORM.format(clean), FORM.format(corrupt)
    answers = greedy(model, tokenizer, clean), greedy(model, tokenizer, corrupt)
    same = next((n for n, (one, other) in enumerate(zip(*answers)) if one != other), None)
    if same is None:
        return None
    opening = tokenizer.decode(answers[0][:same])
    answer, wrong_answer = (tokenizer.decode(tokens[same]) for tokens in answers)
    made = {"clean": clean + opening, "corrupt": corrupt + opening, "answer": answer, "wrong_answer": wrong_answer}
    lengths = {len(tokenizer(made[side]).input_ids) for side in ("clean", "corrupt")}
    return made if len(lengths) == 1 else None


if __name__ == "__main__":
    folder, target = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32).eval()
    pairs = [pair(model, tokenizer, *questions) for questions in QUESTIONS]
    with open(target, "w", encoding="utf-8") as out:
        out.write(json.dumps([each for each in pairs if each], indent=1, ensure_ascii=False) + "\n")
