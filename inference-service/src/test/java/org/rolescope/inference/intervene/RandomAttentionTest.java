package org.rolescope.inference.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Numbers that runs on other machines must repeat. */
final class RandomAttentionTest {
  private static final List<Long> IDS = List.of(3L, 5L, 8L);

  @Test
  void scoresAreTheSameEverywhere() {
    assertThat(RandomAttention.scores(7, 2, 1, IDS))
        .startsWith(1.4721484f, 0.062496893f, -0.25688046f);
  }

  @Test
  void everyPartOfTheKeyCounts() {
    float[] scores = RandomAttention.scores(7, 2, 1, IDS);
    assertThat(RandomAttention.scores(8, 2, 1, IDS)).isNotEqualTo(scores);
    assertThat(RandomAttention.scores(7, 1, 2, IDS)).isNotEqualTo(scores);
    assertThat(RandomAttention.scores(7, 2, 0, IDS)).isNotEqualTo(scores);
    assertThat(RandomAttention.scores(7, 2, 1, IDS.reversed())).isNotEqualTo(scores);
    assertThat(RandomAttention.scores(7, 2, 1, IDS)).isEqualTo(scores);
  }

  @Test
  void scoresAreStandardNormal() {
    float[] scores = RandomAttention.scores(1, 0, 0, LongStream.range(0, 400).boxed().toList());
    double sum = 0;
    double squares = 0;
    for (float score : scores) {
      sum += score;
      squares += (double) score * score;
    }
    // Five standard errors of 160,000 draws.
    assertThat(sum / scores.length).isEqualTo(0, within(5 / Math.sqrt(scores.length)));
    assertThat(squares / scores.length).isEqualTo(1, within(5 * Math.sqrt(2.0 / scores.length)));
  }

  @Test
  void softmaxGoesRowByRow() {
    float[] pattern = RandomAttention.softmax(new float[] {0, 0, (float) Math.log(3), 0}, 2);
    assertThat(pattern).containsExactly(new float[] {0.5f, 0.5f, 0.75f, 0.25f}, within(1e-6f));
  }
}
