import Glibc

/// The settings of one verb, read in one go.
///
/// ```swift
/// init(reading reader: inout ConfigurationReader) {
///     self.listen = reader.read(.listen(default: .tcp(host: "127.0.0.1", port: 8002)))
/// }
/// ```
public protocol ServiceConfiguration: Sendable {
    /// Reads every setting; problems go to the reader.
    init(reading reader: inout ConfigurationReader)
}

extension ServiceConfiguration {
    /// Reads the settings from what the verb was given.
    ///
    /// - Throws: All problems at once.
    public static func load(arguments: [String], environment: [String: String]) throws(ConfigurationError) -> Self {
        var reader = ConfigurationReader(arguments: arguments, environment: environment)
        let configuration = Self(reading: &reader)
        try reader.finish()
        return configuration
    }

    /// The list of settings for `--help`.
    public static func help(program: String) -> String {
        var reader = ConfigurationReader(arguments: [])
        _ = Self(reading: &reader)
        let settings = reader.declared.map { setting in
            let variable = setting.variable.isEmpty ? "" : ", \(setting.variable)"
            return
                "  \(setting.flag)  (\(setting.key)\(variable); default: \(setting.defaultText))\n      \(setting.help)\n"
        }
        return
            "Usage: \(program) [--config FILE] [settings]\n\nSettings, strongest first: flag, environment, file, default.\n\n"
            + settings.joined()
    }

    /// Reads the settings, or prints the help or all problems and ends the process (exit code 0 or 78).
    public static func loadOrExit(program: String, arguments: [String]) -> Self {
        if arguments.contains("--help") {
            print(self.help(program: program), terminator: "")
            exit(0)
        }
        do {
            return try self.load(arguments: arguments, environment: ProcessEnvironment.current)
        } catch {
            Logger.standardError(Array("\(program): \(error)\n".utf8))
            exit(ConfigurationError.exitCode)
        }
    }
}
