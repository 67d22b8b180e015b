import Glibc

/// What a program's `main` does with its thread once everything runs in tasks.
public enum MainThread {
    /// Runs the body on the task pool and ends the process with the code it returns.
    public static func run(_ body: @escaping @Sendable () async -> Int32) -> Never {
        Task.detached { exit(await body()) }
        while true { pause() }
    }
}
