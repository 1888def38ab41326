package nowthen.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The aggregates of tools/bench/stream.sql as a user of Kafka Streams writes them: count, sum, min and
 * max of each card's payments, kept together in one value per window, in RocksDB window stores.
 *
 * <p>Kafka Streams has no exact moving window at a bearable price, so there are two shapes:
 *
 * <ul>
 *   <li>hopping: windows of 1 hour every 5 minutes and of 24 hours every 2 hours. Each window is an
 *       answer that can be read, up to a hop old; an event is in 12 of each.
 *   <li>tumbling: buckets of 5 minutes and of 2 hours, which the reader has to merge: the least work
 *       that an event can be.
 * </ul>
 *
 * <p>Prints the events of the measured stretch and the CPU seconds of this process over it. The
 * stretch begins after the warm-up, when the code has been compiled.
 */
public final class Peer {
    private static final Duration SHORT = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofHours(24);
    private static final int HOPS = 12;
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** All members of an event, but only those that are used are kept. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Payment(
            @JsonProperty("amount") double amount, @JsonProperty("paid_at") String paidAt) {}

    private record Totals(long count, double sum, double min, double max) {
        static final Totals NONE =
                new Totals(0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        static final int BYTES = Long.BYTES + 3 * Double.BYTES;

        Totals with(double amount) {
            return new Totals(
                    count + 1, sum + amount, Math.min(min, amount), Math.max(max, amount));
        }

        byte[] toBytes() {
            return ByteBuffer.allocate(BYTES)
                    .putLong(count).putDouble(sum).putDouble(min).putDouble(max).array();
        }

        static Totals of(byte[] bytes) {
            if (bytes == null) return null;
            ByteBuffer in = ByteBuffer.wrap(bytes);
            return new Totals(in.getLong(), in.getDouble(), in.getDouble(), in.getDouble());
        }
    }

    private static final Serde<Totals> TOTALS =
            Serdes.serdeFrom(
                    (topic, totals) -> totals == null ? null : totals.toBytes(),
                    (topic, bytes) -> Totals.of(bytes));

    private static Serde<Payment> payments() {
        ObjectReader reader = new ObjectMapper().readerFor(Payment.class);
        Deserializer<Payment> deserializer =
                (topic, bytes) -> {
                    try {
                        return reader.readValue(bytes);
                    } catch (IOException e) {
                        throw new SerializationException(e);
                    }
                };
        return Serdes.serdeFrom(
                (topic, payment) -> {
                    throw new UnsupportedOperationException("payments are only read");
                },
                deserializer);
    }

    private static TimeWindows windows(Duration size, boolean isHopping) {
        Duration hop = size.dividedBy(HOPS);
        return isHopping
                ? TimeWindows.ofSizeAndGrace(size, GRACE).advanceBy(hop)
                : TimeWindows.ofSizeAndGrace(hop, GRACE);
    }

    /** A reader must find all that the last window of this size needs. */
    private static void aggregate(
            KGroupedStream<String, Payment> cards, TimeWindows windows, Duration size, String name) {
        Materialized<String, Totals, WindowStore<Bytes, byte[]>> store =
                Materialized.<String, Totals, WindowStore<Bytes, byte[]>>as(name)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(TOTALS)
                        .withRetention(size.plus(size.dividedBy(HOPS)).plus(GRACE));
        cards.windowedBy(windows)
                .aggregate(
                        () -> Totals.NONE,
                        (card, payment, totals) -> totals.with(payment.amount()),
                        store);
    }

    /** CPU seconds of the process from the first event after the warm-up to the last. */
    private static final class Stretch {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final AtomicLong seen = new AtomicLong();
        private final CountDownLatch done = new CountDownLatch(1);
        private final long warmUp;
        private final long end;
        private volatile long beganNs;
        private volatile long endedNs;

        Stretch(long warmUp, long events) {
            this.warmUp = warmUp;
            this.end = warmUp + events;
        }

        void see() {
            long count = seen.incrementAndGet();
            if (count == warmUp) beganNs = system.getProcessCpuTime();
            if (count == end) {
                endedNs = system.getProcessCpuTime();
                done.countDown();
            }
        }

        void print() {
            System.out.printf(
                    Locale.ROOT, "%d %.3f%n", end - warmUp, (endedNs - beganNs) / 1e9);
        }
    }

    private static Properties settings(String[] arguments) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[2]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        // As the worker promises; its commits are 100 ms apart, as the worker's.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        // As much memory as the worker's cache of timelines has.
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
        return settings;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 7) {
            System.err.println("usage: Peer BROKERS TOPIC APPLICATION STATE_DIRECTORY"
                    + " hopping|tumbling WARM_UP_EVENTS EVENTS");
            System.exit(2);
        }
        boolean isHopping = arguments[4].equals("hopping");
        Stretch stretch = new Stretch(Long.parseLong(arguments[5]), Long.parseLong(arguments[6]));
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Payment> events =
                builder.stream(arguments[1], Consumed.with(Serdes.String(), payments()));
        KGroupedStream<String, Payment> cards =
                events.peek((card, payment) -> stretch.see())
                        .groupByKey(Grouped.with(Serdes.String(), payments()));
        aggregate(cards, windows(SHORT, isHopping), SHORT, "short");
        aggregate(cards, windows(LONG, isHopping), LONG, "long");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), settings(arguments))) {
            streams.setUncaughtExceptionHandler(
                    e -> {
                        e.printStackTrace();
                        Runtime.getRuntime().halt(1);
                        return null;
                    });
            streams.start();
            stretch.done.await();
            stretch.print();
            System.out.flush();
            // Nothing of it is wanted any more: not the time that a clean end takes either.
            Runtime.getRuntime().halt(0);
        }
    }
}
