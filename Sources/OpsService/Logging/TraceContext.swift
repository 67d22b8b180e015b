/// What every log line of a request carries without being told.
public enum TraceContext {
    /// The trace of the request that this task works for.
    @TaskLocal public static var traceID: String?
}
