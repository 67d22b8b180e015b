import Glibc
import OpsModel
import OpsSystem

extension MetricsRegistry {
    /// Adds what Prometheus expects of every process, under the names it expects.
    public func addProcessMetrics() {
        let started = Timestamp.now().secondsSinceEpoch
        self.gauge("process_start_time_seconds", "When this process started, in seconds since 1970.") {
            [([], started)]
        }
        self.gauge("process_resident_memory_bytes", "Resident memory of this process.") {
            Self.sample { Double($0.rssBytes) }
        }
        self.counter("process_cpu_seconds_total", "Processor time this process has used, user and kernel.") {
            Self.sample { Double($0.cpuTicks) / Double(ProcessSample.ticksPerSecond) }
        }
        self.gauge("process_open_fds", "Descriptors this process has open.") {
            Self.sample { $0.fdCount.map(Double.init) }
        }
        self.gauge("process_threads", "Threads of this process.") { Self.sample { Double($0.threads) } }
    }

    private static func sample(_ read: (ProcessSample) -> Double?) -> [(labels: [String], value: Double)] {
        ProcessSample.read(pid: getpid()).flatMap(read).map { [([], $0)] } ?? []
    }
}
