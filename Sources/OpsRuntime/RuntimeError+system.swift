package import OpsSystem
package import OpsTrust

extension RuntimeError {
    /// The same failure in the words of whoever starts a lab.
    package init(_ error: SystemError) {
        switch error.code {
        case .diskFull: self.init(.diskFull, error.message)
        case .permissionDenied:
            self.init(.noPermission, error.message, hint: "run as the user who started the lab, or as root")
        case .notFound: self.init(.stateDamaged, error.message)
        case .timedOut: self.init(.timedOut, error.message)
        case .locked: self.init(.busy, error.message)
        default: self.init(.stateDamaged, error.message)
        }
    }

    /// The same failure of a key file.
    package init(_ error: TrustError) { self.init(.stateDamaged, error.message) }
}

/// Runs system calls whose errors become this library's.
package func translating<Value>(_ body: () throws -> Value) throws(RuntimeError) -> Value {
    do {
        return try body()
    } catch let error as RuntimeError {
        throw error
    } catch let error as SystemError {
        throw RuntimeError(error)
    } catch let error as TrustError {
        throw RuntimeError(error)
    } catch {
        throw RuntimeError(.stateDamaged, "\(error)")
    }
}
