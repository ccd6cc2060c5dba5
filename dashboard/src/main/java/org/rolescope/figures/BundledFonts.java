package org.rolescope.figures;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DejaVu Sans, regular and bold, made known to AWT. AWT refuses to start where the system has no
 * fonts at all, so it is told, before its first use, of a font configuration that names the two.
 */
final class BundledFonts {
  static final String FAMILY = "DejaVu Sans";

  private static final Pattern SIZE = Pattern.compile("([0-9.]+)px");
  private static final Pattern BOLD = Pattern.compile("\\b(bold|bolder|[6-9]00)\\b");
  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);
  private static final int MOST_WIDTHS = 20_000;

  private final Font regular;
  private final Font bold;
  private final Map<String, Double> widths = new ConcurrentHashMap<>();

  private BundledFonts(Font regular, Font bold) {
    this.regular = regular;
    this.bold = bold;
  }

  /** The fonts of this process; loaded once. */
  static BundledFonts get() {
    return Holder.FONTS;
  }

  /**
   * Width of a line of text.
   *
   * @param text one line
   * @param font as CSS's {@code font} has it: a size in px, and weight where it is bold
   * @return its advance in pixels; 12 px regular where the font says nothing
   */
  double width(String text, String font) {
    if (widths.size() > MOST_WIDTHS) {
      widths.clear();
    }
    return widths.computeIfAbsent(
        font + '\n' + text, _ -> parsed(font).getStringBounds(text, EXACT).getWidth());
  }

  private Font parsed(String font) {
    Matcher size = SIZE.matcher(font);
    float pixels = size.find() ? Float.parseFloat(size.group(1)) : 12;
    return (BOLD.matcher(font).find() ? bold : regular).deriveFont(pixels);
  }

  private static final class Holder {
    static final BundledFonts FONTS = load();

    private static BundledFonts load() {
      try {
        Path folder = Files.createTempDirectory("rolescope-fonts");
        try {
          Path regular = unpack(folder, "DejaVuSans.ttf");
          Path bold = unpack(folder, "DejaVuSans-Bold.ttf");
          configure(folder, regular, bold);
          return new BundledFonts(register(regular), register(bold));
        } finally {
          remove(folder);
        }
      } catch (IOException unwritable) {
        throw new UncheckedIOException("fonts cannot be unpacked", unwritable);
      }
    }

    private static Path unpack(Path folder, String name) throws IOException {
      Path file = folder.resolve(name);
      try (InputStream in = BundledFonts.class.getResourceAsStream("/dashboard/fonts/" + name)) {
        Files.copy(in, file);
      }
      return file;
    }

    /** Has no effect where AWT is in use already: it has fonts then. */
    private static void configure(Path folder, Path regular, Path bold) throws IOException {
      System.setProperty("java.awt.headless", "true");
      if (System.getProperty("sun.awt.fontconfig") != null) {
        return;
      }
      StringBuilder lines = new StringBuilder("version=1\n");
      for (String family :
          new String[] {"serif", "sansserif", "monospaced", "dialog", "dialoginput"}) {
        for (String style : new String[] {"plain", "bold", "italic", "bolditalic"}) {
          String face = style.startsWith("bold") ? "DejaVu_Sans_Bold" : "DejaVu_Sans";
          lines.append("%s.%s.latin-1=%s\n".formatted(family, style, face));
        }
      }
      lines.append("sequence.allfonts=latin-1\n");
      lines.append("filename.DejaVu_Sans=%s\n".formatted(regular));
      lines.append("filename.DejaVu_Sans_Bold=%s\n".formatted(bold));
      Path file = Files.writeString(folder.resolve("fontconfig.properties"), lines);
      System.setProperty("sun.awt.fontconfig", file.toString());
    }

    private static Font register(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        // From a stream, AWT keeps a copy of its own.
        Font font = Font.createFont(Font.TRUETYPE_FONT, in);
        GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(font);
        return font;
      } catch (FontFormatException damaged) {
        throw new IllegalStateException(file + " is no font", damaged);
      }
    }

    private static void remove(Path folder) {
      folder.toFile().deleteOnExit();
      for (java.io.File file : folder.toFile().listFiles()) {
        file.deleteOnExit();
      }
    }
  }
}
