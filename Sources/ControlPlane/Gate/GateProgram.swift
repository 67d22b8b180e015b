import OpsModel
import OpsService
import OpsSystem

/// The life of `ControlPlane serve`.
enum GateProgram {
    static func run(_ arguments: [String]) async -> Int32 {
        becomeUndumpable()
        let configuration = GateConfiguration.loadOrExit(program: "ControlPlane serve", arguments: arguments)
        let logger = Logger(label: "gate", level: configuration.logLevel)
        do {
            let services = try GateComposition(configuration, logger: logger).services()
            return await ServiceGroup(services: services, logger: logger).run()
        } catch {
            logger.error("cannot start", ["gate.error": .string("\(error)")])
            return 1
        }
    }
}
