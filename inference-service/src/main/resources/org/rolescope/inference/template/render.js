// Renders prompts as transformers' apply_chat_template does, by Hugging Face's Jinja.
// Evaluates to a function of the library, a template, special tokens as JSON and the work a prompt may make; that gives a
// function from a prompt to {text, refusal}, one of which is null.
(() => {
  const NativeDate = Date;
  // Templates that ask for today get the day that Llama's own take by default.
  globalThis.Date = class extends NativeDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [2024, 6, 26] : parts));
    }
  };

  // White space as Python's str.strip has it, which is not quite what JavaScript's trim takes.
  const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  const LEADING = new RegExp("^" + SPACE);
  const trailing = (text) => {
    let end = text.length;
    while (end > 0 && LEADING.test(text[end - 1])) {
      end--;
    }
    return text.slice(0, end);
  };
  String.prototype.trimStart = function () {
    return String(this).replace(LEADING, "");
  };
  String.prototype.trimEnd = function () {
    return trailing(String(this));
  };
  String.prototype.trim = function () {
    return trailing(String(this).replace(LEADING, ""));
  };

  const MAX_RANGE = 100_000;

  // Expressions within expressions and blocks; real templates stay below 60. The interpreter would take an overflow of the
  // stack for a variable that is not defined.
  const MAX_DEPTH = 300;

  class Refusal extends Error {}

  return (jinja, template, specialTokens, maxWork) => {
    const program = jinja.parse(jinja.tokenize(template, {lstrip_blocks: true, trim_blocks: true}));
    const date = new jinja.Template("{{ strftime_now(format) }}");

    // Counts expressions and the size of what they give: every reading and every making of a value is one.
    class BoundedInterpreter extends jinja.Interpreter {
      work = 0;
      depth = 0;

      evaluate(statement, environment) {
        this.depth += 1;
        if (this.depth > MAX_DEPTH) {
          throw new RangeError("depth");
        }
        let result;
        try {
          result = super.evaluate(statement, environment);
        } finally {
          this.depth -= 1;
        }
        const value = result.value;
        this.work += 1 + (typeof value === "string" || Array.isArray(value) ? value.length : value?.size ?? 0);
        if (this.work > maxWork) {
          throw new RangeError("work");
        }
        return result;
      }
    }

    const range = (...bounds) => {
      const [start, stop, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds;
      if (Math.abs((stop - start) / step) > MAX_RANGE) {
        throw new RangeError("range");
      }
      const numbers = [];
      if (step === 0) {
        throw new Error("range() arg 3 must not be zero");
      }
      for (let each = start; step > 0 ? each < stop : each > stop; each += step) {
        numbers.push(each);
      }
      return numbers;
    };

    const globals = {
      false: false,
      true: true,
      none: null,
      False: false,
      True: true,
      None: null,
      range,
      raise_exception: (message) => {
        throw new Refusal(message);
      },
      strftime_now: (format) => date.render({format}),
      // As transformers passes them.
      tools: null,
      documents: null,
      add_generation_prompt: true,
      ...JSON.parse(specialTokens),
    };

    return (prompt) => {
      const environment = new jinja.Environment();
      Object.entries(globals).forEach(([name, value]) => environment.set(name, value));
      environment.set("messages", [{role: "user", content: prompt}]);
      try {
        return {text: new BoundedInterpreter(environment).run(program).value, refusal: null};
      } catch (error) {
        if (error instanceof Refusal) {
          return {text: null, refusal: String(error.message)};
        }
        throw error;
      }
    };
  };
})()
