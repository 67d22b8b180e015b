import AgentOps
import OpsModel
import OpsService

extension Recorder {
    /// The recorder of one of the shop's processes; without settings, or without a place to spool, nothing is recorded.
    ///
    /// The shop sells first: whatever keeps it from recording is one line in the log.
    static func shop(
        _ configuration: RecorderConfiguration?,
        name: String,
        verb: String,
        hash: String,
        logger: Logger
    ) -> Recorder {
        guard var configuration else { return .disabled }
        configuration.farewell = ShopProcess.drain / 2
        let registration = Registration(
            id: "target-\(name)",
            name: "shop \(name)",
            configuration: ["verb": .string(verb), "config_hash": .string(hash)]
        )
        do {
            return try Recorder(configuration, registration: registration, logger: logger)
        } catch {
            logger.warning("nothing will be recorded", ["error": .string("\(error)")])
            return .disabled
        }
    }
}
