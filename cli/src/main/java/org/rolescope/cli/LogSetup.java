package org.rolescope.cli;

import java.util.Arrays;

/**
 * Chooses how much the log says, before the first logger exists. A server's log is for its operator
 * and holds everything; in a command the log shares the terminal with the user, who gets no stack
 * traces unless ROLESCOPE_DEBUG is set.
 */
final class LogSetup {
  private static final String PATTERN_PROPERTY = "rolescope.log.pattern";

  private LogSetup() {}

  static void apply(String[] arguments) {
    boolean serves = Arrays.asList(arguments).contains("serve");
    boolean debug = System.getenv("ROLESCOPE_DEBUG") != null;
    System.setProperty(
        PATTERN_PROPERTY,
        serves || debug ? "%d{ISO8601} %-5level %logger{1}: %msg%n" : "%level: %msg%n%nopex");
  }
}
