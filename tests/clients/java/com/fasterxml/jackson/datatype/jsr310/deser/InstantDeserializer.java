package com.fasterxml.jackson.datatype.jsr310.deser;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAccessor;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Stands in for jackson-datatype-jsr310: reads text only. */
public class InstantDeserializer<T extends Temporal> extends StdDeserializer<T> {
  private final DateTimeFormatter formatter;
  private final Function<TemporalAccessor, T> parsed;

  protected InstantDeserializer(
      Class<T> type,
      DateTimeFormatter formatter,
      Function<TemporalAccessor, T> parsed,
      Function<FromIntegerArguments, T> fromMilliseconds,
      Function<FromDecimalArguments, T> fromNanoseconds,
      BiFunction<T, ZoneId, T> adjust,
      boolean replaceZeroOffsetAsZ,
      boolean normalizeZoneId,
      boolean readNumericStringsAsTimestamp) {
    super(type);
    this.formatter = formatter;
    this.parsed = parsed;
  }

  @Override
  public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    return _fromString(parser, context, parser.getText());
  }

  protected T _fromString(JsonParser parser, DeserializationContext context, String text) throws IOException {
    return parsed.apply(formatter.parse(text));
  }

  public static class FromIntegerArguments {
    public long value;
    public ZoneId zoneId;
  }

  public static class FromDecimalArguments {
    public long integer;
    public int fraction;
    public ZoneId zoneId;
  }
}
