package org.rolescope.export.verify;

/**
 * Turns queries and keys by their position, halves rotated: with x1 the first and x2 the second
 * half of a head, (x1 cos − x2 sin, x2 cos + x1 sin).
 *
 * @param frequencies by how much
 * @param headSize width of a head
 */
record RotaryTurn(RotaryFrequencies frequencies, int headSize) {
  /**
   * Turns in place.
   *
   * @param rows [row, head · d_head]
   */
  void apply(Rows rows, PromptRows prompts) {
    for (int prompt = 0; prompt < prompts.promptCount(); prompt++) {
      double[] radians = frequencies.frequencies(headSize, prompts.length(prompt));
      for (int position = 0; position < prompts.length(prompt); position++) {
        int start = rows.start(prompts.firstRow(prompt) + position);
        for (int head = start; head < start + rows.width(); head += headSize) {
          turn(rows.values(), head, position, radians);
        }
      }
    }
  }

  private void turn(double[] values, int head, int position, double[] radians) {
    int half = headSize / 2;
    for (int pair = 0; pair < half; pair++) {
      double cos = Math.cos(position * radians[pair]) * frequencies.attentionFactor();
      double sin = Math.sin(position * radians[pair]) * frequencies.attentionFactor();
      double first = values[head + pair];
      double second = values[head + half + pair];
      values[head + pair] = first * cos - second * sin;
      values[head + half + pair] = second * cos + first * sin;
    }
  }
}
