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
        let layout = locator.layout(of: name)
        self.record = try InstanceRecord.read(layout.record)
        self.layout = layout.at(sockets: self.record?.sockets)
        self.http = http
    }

    /// The same without reading the record: for whoever removes a lab or looks at the machine.
    public init(unread name: InstanceName, locator: InstanceLocator, http: HTTPClient) {
        self.name = name
        self.locator = locator
        let layout = locator.layout(of: name)
        self.record = try? InstanceRecord.read(layout.record)  // damaged: as if it were absent
        self.layout = layout.at(sockets: self.record?.sockets)
        self.http = http
    }

    /// Whoever starts and stops the programs of one half.
    public func control(of half: InstanceLayout.Half) -> any ProgramControl {
        if let engine = self.engine(of: half) { return engine }
        return SupervisorClient(socket: self.layout.supervisor(of: half), http: self.http)
    }

    /// The engine of one half's containers; nil where its programs are processes.
    public func engine(of half: InstanceLayout.Half) -> EngineClient? {
        guard self.runtime == .compose, let record, let socket = record.engine else { return nil }
        return EngineClient(
            socket: socket,
            prefix: ComposeProject.prefix(record.instance),
            names: record.programs(of: half),
            http: self.http
        )
    }

    /// How its programs run; a lab that was never started has none yet.
    public var runtime: LabRuntime { self.record?.runtime ?? .local }

    /// Whether a supervisor of this lab answers, or a container of it runs.
    public func isUp() async -> Bool {
        for half in InstanceLayout.Half.allCases {
            let control = self.control(of: half)
            guard self.runtime == .compose else {
                if await control.answers() { return true }
                continue
            }
            let programs = (try? await control.programs()) ?? []  // no engine: nothing runs
            if programs.contains(where: \.isUp) { return true }
        }
        return false
    }

    /// The same lab with what it remembers from now on.
    func remembering(_ record: InstanceRecord) -> Lab {
        Lab(name: self.name, layout: self.layout, record: record, locator: self.locator, http: self.http)
    }

    private init(
        name: InstanceName,
        layout: InstanceLayout,
        record: InstanceRecord,
        locator: InstanceLocator,
        http: HTTPClient
    ) {
        self.name = name
        self.layout = layout
        self.record = record
        self.locator = locator
        self.http = http
    }

    package func process(_ half: InstanceLayout.Half) -> SupervisorProcess {
        SupervisorProcess(half, layout: self.layout, http: self.http)
    }

    /// Starting and stopping one lab at a time: the lock lies beside the lab, so that it survives its removal.
    package func lock() throws(RuntimeError) -> FileLock {
        try self.take(self.lockFile, or: "is being started or stopped by somebody else")
    }

    /// Runs take turns: each begins with a reset, which would take the world away from under another.
    package func takeTurn() throws(RuntimeError) -> FileLock {
        try self.take(self.turnFile, or: "plays a run that somebody else began")
    }

    private func take(_ path: String, or reason: String) throws(RuntimeError) -> FileLock {
        try translating {
            try FileSystem.makeDirectory(self.locator.state, mode: 0o755)
            guard let lock = try FileLock.tryAcquire(path) else {
                throw RuntimeError(.busy, "lab '\(self.name)' \(reason)", hint: "wait until they are done")
            }
            return lock
        }
    }

    /// Lets go of the lab; of one that does not exist, no lock stays behind.
    func unlock(_ lock: FileLock) {
        if !FileSystem.exists(self.layout.home) {
            // Ours while we hold the first; whoever holds the second has lost the lab.
            for path in [self.lockFile, self.turnFile] { try? FileSystem.remove(path) }
        }
        lock.release()
    }

    private var lockFile: String { "\(self.locator.state)/.\(self.name).lock" }
    private var turnFile: String { "\(self.locator.state)/.\(self.name).run.lock" }
}
