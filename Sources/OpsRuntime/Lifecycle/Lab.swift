public import OpsHTTP
import OpsModel
package import OpsSystem

/// One lab on this machine: what it is made of, and the way to its parts.
///
/// Made by `LabFinder`; starting and stopping are extensions, one file each.
public struct Lab: Sendable {
    /// Tells the person who waits what is being done.
    public typealias Progress = @Sendable (String) -> Void

    /// Its name.
    public let name: InstanceName
    /// Its paths.
    public let layout: InstanceLayout
    /// What it remembers; nil before the first start.
    public let record: InstanceRecord?

    package let locator: InstanceLocator
    package let http: HTTPClient

    /// Finds a lab by its name, whether it exists or not.
    ///
    /// - Throws: `state_damaged` when its record cannot be read.
    public init(_ name: InstanceName, locator: InstanceLocator, http: HTTPClient) throws(RuntimeError) {
        self.name = name
        self.locator = locator
        self.layout = locator.layout(of: name)
        self.record = try InstanceRecord.read(self.layout.record)
        self.http = http
    }

    /// The same without reading the record: for whoever removes a lab or looks at the machine.
    public init(unread name: InstanceName, locator: InstanceLocator, http: HTTPClient) {
        self.name = name
        self.locator = locator
        self.layout = locator.layout(of: name)
        self.record = try? InstanceRecord.read(self.layout.record)  // damaged: as if it were absent
        self.http = http
    }

    /// The client of one half's supervisor.
    public func supervisor(_ half: InstanceLayout.Half) -> SupervisorClient {
        SupervisorClient(socket: self.layout.supervisor(of: half), http: self.http)
    }

    /// Whether a supervisor of this lab answers.
    public func isUp() async -> Bool {
        for half in InstanceLayout.Half.allCases where await self.supervisor(half).answers() { return true }
        return false
    }

    package func process(_ half: InstanceLayout.Half) -> SupervisorProcess {
        SupervisorProcess(half, layout: self.layout, http: self.http)
    }

    /// Starting and stopping one lab at a time: the lock lies beside the lab, so that it survives its removal.
    package func lock() throws(RuntimeError) -> FileLock {
        try translating {
            try FileSystem.makeDirectory(self.locator.state, mode: 0o755)
            guard let lock = try FileLock.tryAcquire(self.lockFile) else {
                throw RuntimeError(
                    .busy,
                    "lab '\(self.name)' is being started or stopped by somebody else",
                    hint: "wait until they are done"
                )
            }
            return lock
        }
    }

    /// Lets go of the lab; of one that does not exist, no lock stays behind.
    func unlock(_ lock: FileLock) {
        if !FileSystem.exists(self.layout.home) { try? FileSystem.remove(self.lockFile) }  // ours while we hold it
        lock.release()
    }

    private var lockFile: String { "\(self.locator.state)/.\(self.name).lock" }
}
