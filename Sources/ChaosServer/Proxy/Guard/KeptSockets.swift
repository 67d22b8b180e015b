import OpsSystem

/// The sockets that proxies listen at, in the process that outlives whoever accepts from them.
struct KeptSockets {
    private var kept: [String: (proxy: GuardedProxy, socket: FileDescriptor?)] = [:]

    /// All proxies by name, each with its socket if it is enabled.
    var all: [(proxy: GuardedProxy, socket: FileDescriptor?)] {
        self.kept.values.sorted { $0.proxy.name < $1.proxy.name }
    }

    /// Makes a proxy's socket what it shall be.
    ///
    /// - Returns: the proxy with the port that it has, and a socket when one was opened for it.
    /// - Throws: `conflict` when somebody else has the port; the proxy is then disabled.
    mutating func keep(_ wanted: GuardedProxy) throws(ChaosError) -> (proxy: GuardedProxy, opened: FileDescriptor?) {
        if wanted.isEnabled, let known = self.kept[wanted.name], known.socket != nil,
            known.proxy.listen == wanted.listen
        {
            self.kept[wanted.name]?.proxy = wanted
            return (wanted, nil)
        }
        var proxy = wanted
        proxy.isEnabled = false
        // The old socket closes here: the new one may want its port.
        self.kept[proxy.name] = (proxy, nil)
        guard wanted.isEnabled else { return (proxy, nil) }
        let (socket, port) = try IPv4.listener(wanted.listen)
        proxy.isEnabled = true
        proxy.listen.way.port = port
        self.kept[proxy.name] = (proxy, socket)
        return (proxy, socket)
    }

    mutating func forget(_ name: String) { self.kept[name] = nil }
}
