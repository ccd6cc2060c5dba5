package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import org.rolescope.metrics.candidates.CandidateOptions;
import org.rolescope.metrics.candidates.CandidateRanking;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.RankCandidatesRequest;
import org.rolescope.v1.RankCandidatesResponse;

/** One call of RankCandidates: each layer is measured as it comes, the answer sent at the end. */
final class RankCandidatesObserver
    extends AnsweringObserver<RankCandidatesRequest, RankCandidatesResponse> {
  private final LayerProtocol protocol = new LayerProtocol();
  private CandidateOptions options;
  private CandidateRanking ranking;

  RankCandidatesObserver(StreamObserver<RankCandidatesResponse> observer) {
    super(observer);
  }

  @Override
  void take(RankCandidatesRequest request) {
    switch (request.getInputCase()) {
      case OPTIONS -> {
        protocol.options();
        options = CandidateMessages.options(request.getOptions());
        ranking = new CandidateRanking(options);
      }
      case LAYER -> {
        LayerPair pair = request.getLayer();
        protocol.layer(pair.getBase().getLayer());
        ranking.add(
            EntropyMessages.layer(pair.getBase()), EntropyMessages.layer(pair.getInstruct()));
      }
      case INPUT_NOT_SET -> throw LayerProtocol.empty();
    }
  }

  @Override
  RankCandidatesResponse answer() {
    protocol.end();
    return CandidateMessages.message(options, ranking.finish());
  }
}
